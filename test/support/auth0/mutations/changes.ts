import fc from 'fast-check'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import { RULES } from '../../../../src/rehearsal/standins/auth0/rules/index.ts'
import type { ApiRequest, Refusal, Rule, Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { SCOPES } from '../../../../src/rehearsal/standins/auth0/scopes.ts'
import { after, type Wrong } from './mutation.ts'

type Values = Readonly<Record<string, unknown>>

const ALL = new Map(
  Object.values(RULES)
    .flat()
    .map((rule) => [rule.id, rule]),
)

/** @throws where there is no such rule */
export const ruleOf = (id: string): Rule => {
  const rule = ALL.get(id)
  if (rule === undefined) throw new Error(`no rule ${id}`)
  return rule
}

/** How a rule refuses its first break, or another. */
export const refusalOf = (id: string, which = 0): Refusal => {
  const found = ruleOf(id).breaks[which]?.refusal
  if (found === undefined) throw new Error(`no break ${which} of ${id}`)
  return found
}

export const send = (request: ApiRequest): Step => ({ kind: 'request', request })

export const wait = (ms: number): Step => ({ kind: 'wait', ms })

/** What somebody is asked at a path, as the Management API shows it. */
export const shows = (path: string, contains: Values | undefined, status = 200): Refusal => ({
  kind: 'shows',
  request: { method: 'GET', path },
  status,
  ...(contains === undefined ? {} : { contains }),
})

/** Its object, with other properties; those that are undefined are left out. */
export const withJson = (request: ApiRequest, others: Values): ApiRequest => ({
  ...request,
  json: { ...(isObject(request.json) ? request.json : {}), ...others },
})

const given = (entries: readonly (readonly [string, string | undefined])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

export const withForm = (request: ApiRequest, others: Readonly<Record<string, string | undefined>>): ApiRequest => ({
  ...request,
  form: given(Object.entries({ ...request.form, ...others })),
})

export const withQuery = (request: ApiRequest, others: Readonly<Record<string, string | undefined>>): ApiRequest => {
  const [path = '', query = ''] = request.path.split('?')
  const asked = new URLSearchParams(
    given(Object.entries({ ...Object.fromEntries(new URLSearchParams(query)), ...others })),
  )
  return { ...request, path: asked.size === 0 ? path : `${path}?${asked}` }
}

/** Of ids and of names that nobody has. */
export const LETTERS = fc.stringMatching(/^[A-Za-z0-9]{16}$/u)

/** The same with a token that may do other things. */
export const lackingScope = (
  request: ApiRequest,
  enough: readonly string[],
  before: readonly Step[] = [],
): fc.Arbitrary<Wrong> =>
  fc
    .subarray(
      SCOPES.filter((scope) => !enough.includes(scope)),
      { minLength: 1 },
    )
    .map((scopes) => ({
      wrong: `may only ${scopes.join(', ')}`,
      steps: after(before, send({ ...request, scopes })),
    }))

/** Where the id of who is named by a path stands. */
export const withId = (request: ApiRequest, before: string, id: string): ApiRequest => {
  const segments = request.path.split('/')
  const at = segments.indexOf(before) + 1
  return { ...request, path: segments.with(at, id).join('/') }
}
