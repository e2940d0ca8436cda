import { placesAt } from '../../../../src/rehearsal/standins/auth0/fields/places.ts'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { FieldRule, Given, Rule, Trial } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { HOME, type Row } from '../recorded-requests/ours.ts'
import { withValueAt } from '../value-at.ts'
import { connectionOf, violationsOf } from './broken.ts'

/** Of two ways to say one thing the program uses the other. */
const IN_PLACE_OF: Readonly<Record<string, string>> = { password_hash: 'custom_password_hash' }

/** How often what is wrong is mended, and looked at again. */
const ROUNDS = 4

/** Where a rule of fields is tried: at home, unless it is about other connections. */
export const givenOf = ({ keeps, field }: Rule): Given => {
  if (keeps.given?.connection !== undefined) return { connection: keeps.given.connection }
  return field?.when?.kind === 'connection' ? {} : HOME
}

/** The body that a rule's own trial sends. */
export const bodyOf = ({ steps }: Trial): Row => {
  const step = steps.findLast(({ kind }) => kind === 'import' || kind === 'request')
  if (step?.kind !== 'import' && step?.kind !== 'request') return {}
  const body: unknown = step.kind === 'import' ? step.rows?.[0] : step.request.json
  return isObject(body) ? body : {}
}

const without = (body: Row, name: string | undefined): Row =>
  Object.fromEntries(Object.entries(body).filter(([other]) => other !== name))

/** The first name of a path: parts are put into another body as wholes. */
const topOf = (path: string): string => path.split(/[.[]/u)[0] ?? ''

/** A body with this part as the example has it. */
const taking = (body: Row, name: string, example: Row): Row => ({
  ...without(body, name),
  ...(example[name] === undefined ? {} : { [name]: example[name] }),
})

const holds = ({ when }: FieldRule, body: Row): boolean =>
  when?.kind !== 'field' || when.in.some((value) => value === placesAt(body, when.path)[0]?.value)

/** Of a list the item is taken out; what else is wrong becomes as in the example. */
const mended = (body: Row, path: string, example: Row): Row => {
  const name = topOf(path)
  const index = /^[^.[]+\[(?<index>\d+)\]/u.exec(path)?.groups?.['index']
  const list: unknown = body[name]
  if (index !== undefined && Array.isArray(list)) return { ...body, [name]: list.toSpliced(Number(index), 1) }
  if (name !== '') return taking(body, name, example)
  return ['email', 'username', 'phone_number'].reduce(
    (whole, each) => (example[each] === undefined ? whole : taking(whole, each, example)),
    body,
  )
}

/**
 * A body of ours to which a rule applies, and which keeps all rules: as it is, else with those parts of the rule's own example that it
 * lacks, and without what the rule's connection does not take. Undefined: it cannot be made so.
 */
export const fitted = (rule: Rule, field: FieldRule, ours: Row): Row | undefined => {
  const example = bodyOf(rule.keeps)
  const { path, check, when, of } = field
  const places = placesAt(ours, path)
  const isThere = places.length > 0 && (check.kind !== 'required' || places[0]?.value !== undefined)
  const parts = [path, when?.kind === 'field' ? when.path : ''].map(topOf).filter((name) => name !== '')
  let body = without(ours, IN_PLACE_OF[topOf(path)])
  if (!isThere || !holds(field, body)) body = parts.reduce((whole, name) => taking(whole, name, example), body)
  if (when?.kind === 'field' && !holds(field, body)) {
    const condition = withValueAt(body, when.path, when.in[0])
    body = isObject(condition) ? condition : body
  }
  const connection = connectionOf(givenOf(rule))
  for (let round = 0; round < ROUNDS; round += 1) {
    const [violation] = violationsOf(of, body, connection)
    if (violation === undefined) return body
    body = mended(body, violation.path, example)
  }
  return violationsOf(of, body, connection).length === 0 ? body : undefined
}
