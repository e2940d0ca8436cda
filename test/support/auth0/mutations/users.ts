import fc from 'fast-check'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest, Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { EVERY_IDENTIFIER } from '../config.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { lackingScope, refusalOf, ruleOf, send, shows, wait, withId, withJson, withQuery } from './changes.ts'
import { type Mutation, type MutationOf, mutation } from './mutation.ts'

const GIVEN = [
  ['roles', 'read:roles'],
  ['permissions', 'read:users'],
  ['organizations', 'read:organizations'],
  ['authentication-methods', 'read:authentication_methods'],
] as const

const MINUTE_MS = 60_000

const having =
  (property: string) =>
  ({ json }: ApiRequest): boolean =>
    isObject(json) && typeof json[property] === 'string'

const NOTHING_ELSE = { email: undefined, email_verified: undefined, verify_email: undefined }

const EMAIL_REQUIRED = {
  options: { attributes: { ...EVERY_IDENTIFIER.attributes, email: { identifier: { active: true } } } },
}

/** Users who are there, read, changed and deleted. */
export const userMutations = (our: Ours): readonly Mutation[] => {
  const { anna } = our
  const given = { ...HOME, users: [anna] }
  const path = `/api/v2/users/auth0%7C${String(anna['user_id'])}`
  const read = our.request('GET /api/v2/users/*', (request) => request.path === path)
  const change = our.request('PATCH /api/v2/users/*', having('email'))
  const remove = { ...our.request('DELETE /api/v2/users/*'), path }
  const byEmail = withQuery(our.request('GET /api/v2/users-by-email'), { email: String(anna['email']) })
  const doing =
    (request: ApiRequest) =>
    (rule: string, wrongs: MutationOf['wrongs'], refusal = refusalOf(rule)): Mutation =>
      mutation(rule, { given, steps: [send(request)], refusal, wrongs })
  const reading = doing(read)
  const changing = doing(change)
  const asking = doing(byEmail)
  const somebody = fc.stringMatching(/^[0-9a-f]{32}$/u)
  const changed = (others: Readonly<Record<string, unknown>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withJson(change, others))] as const,
  })
  const ofGiven = GIVEN.map(([kind, scope]) => {
    const list = { ...our.request(`GET /api/v2/users/*/${kind}`), path: `${path}/${kind}` }
    return doing(list)(`users.${kind}.scope`, [lackingScope(list, [scope])])
  })
  return [
    ...ofGiven,
    ...ofStates(our, path),
    reading('users.read.known', [
      { wrong: 'nobody there', given: HOME, steps: [send(read)] },
      somebody.map((id) => ({ wrong: `auth0|${id}`, steps: [send(withId(read, 'users', `auth0%7C${id}`))] })),
      { wrong: 'without its strategy', steps: [send(withId(read, 'users', String(anna['user_id'])))] },
    ]),
    reading('users.read.scope', [lackingScope(read, ['read:users'])]),
    reading('users.read.fields', [
      fc.constantFrom('password_hash', 'custom_password_hash', 'email,secret', 'tenant').map((fields) => ({
        wrong: fields,
        steps: [send(withQuery(read, { fields }))],
      })),
      { wrong: 'include_fields=maybe', steps: [send(withQuery(read, { fields: 'email', include_fields: 'maybe' }))] },
    ]),
    reading('users.read.paths', [
      fc.stringMatching(/^[a-z]{10}$/u).map((name) => ({
        wrong: name,
        steps: [send({ ...read, path: `/api/v2/${name}` })],
      })),
    ]),
    asking('users-by-email.email.required', [
      { wrong: 'no address', steps: [send(withQuery(byEmail, { email: undefined }))] },
    ]),
    asking('users-by-email.scope', [lackingScope(byEmail, ['read:users'])]),
    changing('users.update.known', [{ wrong: 'nobody there', given: HOME, steps: [send(change)] }]),
    changing('users.update.scope', [lackingScope(change, ['update:users'])]),
    changing('users.update.one-identifier', [
      fc.stringMatching(/^[a-z]{3,20}$/u).map((username) => changed({ username })),
      changed({ password: 'Correct-horse-9' }),
      changed({ ...NOTHING_ELSE, username: 'anna2', email_verified: true }),
      changed({ ...NOTHING_ELSE, password: 'Correct-horse-9', email_verified: true }),
    ]),
    changing('users.update.verify_phone_number', [
      fc.boolean().map((asks) => changed({ phone_number: '+491701234568', verify_phone_number: asks })),
    ]),
    changing('users.update.null', [changed({ ...NOTHING_ELSE, email: null })], shows(path, { email: undefined })),
    changing('users.update.null.required', [
      { ...changed({ ...NOTHING_ELSE, email: null }), given: { ...given, connection: EMAIL_REQUIRED } },
    ]),
    changing('users.password.strength', [
      fc.constantFrom('short', 'aaaaaaaaaaaa', '1234567890').map((password) => ({
        ...changed({ email: undefined, email_verified: undefined, verify_email: undefined, password }),
        given: { ...given, connection: { options: { ...EVERY_IDENTIFIER, passwordPolicy: 'good' } } },
      })),
    ]),
    changing(
      'users.update.metadata.merged',
      [changed({ app_metadata: { plan: 'gold' } })],
      shows(path, {
        app_metadata: { matrix: isObject(anna['app_metadata']) ? anna['app_metadata']['matrix'] : {}, plan: 'gold' },
      }),
    ),
    changing(
      'users.update.metadata.null',
      [changed({ app_metadata: { syn2op: null, matrix: null, plan: 'gold' } })],
      shows(path, { app_metadata: { plan: 'gold' } }),
    ),
    doing(remove)(
      'users.delete',
      [{ wrong: ruleOf('users.delete').breaks[0].wrong, steps: [send(remove)] }],
      shows(path, undefined, 404),
    ),
    doing(remove)(
      'users.delete.absent',
      [
        somebody.map((id) => ({
          wrong: `auth0|${id}`,
          steps: [send(withId(remove, 'users', `auth0%7C${id}`))],
        })),
      ],
      shows(path, { user_id: `auth0|${String(anna['user_id'])}` }),
    ),
    doing(remove)('users.delete.scope', [lackingScope(remove, ['delete:users'])]),
    ...searching(our, given, remove),
  ]
}

const ARRIVING: Step = { kind: 'upstream login', connection: '{enterprise name}', subject: '4711' }
const ARRIVED = '/api/v2/users/oidc%7C{enterprise name}%7C4711'

const enterprise = (sync: string) => ({
  enterprise: { strategy: 'oidc', scim: false, options: { set_user_root_attributes: sync } } as const,
})

const ofStates = ({ anna, request }: Ours, path: string): readonly Mutation[] => {
  const user = { user_id: anna['user_id'], email: anna['email'], email_verified: true }
  const change = { ...request('PATCH /api/v2/users/*', having('email')), path }
  const renamed = send({ ...change, json: { username: 'anna.two' } })
  const blocked = send({ ...change, json: { blocked: true } })
  const reset = send({ ...change, json: { password: 'Correct-horse-9' } })
  return [
    mutation('users.update.username.set', {
      given: { users: [{ ...user, username: 'anna' }] },
      steps: [renamed],
      refusal: refusalOf('users.update.username.set'),
      wrongs: [{ wrong: 'a first username', given: { users: [user] }, steps: [renamed] }],
    }),
    mutation('users.update.password.unblocks', {
      given: { ...HOME, users: [anna] },
      steps: [blocked],
      refusal: shows(path, { blocked: undefined }),
      wrongs: [{ wrong: 'a password after it', steps: [blocked, reset] }],
    }),
    mutation('login.upstream.never_on_login', {
      given: enterprise('on_each_login'),
      steps: [ARRIVING, send({ ...request('GET /api/v2/users/*'), path: ARRIVED })],
      refusal: shows(ARRIVED, undefined, 404),
      wrongs: [{ wrong: 'nobody is made', given: enterprise('never_on_login'), steps: [ARRIVING] }],
    }),
  ]
}

const searching = (our: Ours, given: NonNullable<MutationOf['given']>, remove: ApiRequest): readonly Mutation[] => {
  const search = our.request('GET /api/v2/users', (request) => request.path.includes('%22people%22'))
  const everybody = withQuery(search, { q: undefined })
  const finding = (rule: string, wrongs: MutationOf['wrongs']): Mutation =>
    mutation(rule, { given, steps: [send(search)], refusal: refusalOf(rule), wrongs })
  const asked = (others: Readonly<Record<string, string>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withQuery(search, others))] as const,
  })
  return [
    mutation('search.eventual', {
      given,
      steps: [wait(MINUTE_MS), send(remove), wait(MINUTE_MS), send(everybody)],
      refusal: shows(everybody.path, { total: 1 }),
      wrongs: [{ wrong: 'read right after', steps: [wait(MINUTE_MS), send(remove)] }],
    }),
    finding('search.per_page', [
      fc.integer({ min: 101, max: 100_000 }).map((size) => asked({ per_page: String(size) })),
      fc.integer({ max: -1 }).map((size) => asked({ per_page: String(size) })),
    ]),
    finding('search.thousand', [fc.integer({ min: 1000, max: 100_000 }).map((page) => asked({ page: String(page) }))]),
    finding('search.engine', [
      fc
        .stringMatching(/^[a-z0-9]{1,5}$/u)
        .filter((text) => text !== 'v3')
        .map((text) => asked({ search_engine: text })),
    ]),
    finding('search.sort', [fc.stringMatching(/^[a-z]{1,20}$/u).map((field) => asked({ sort: field }))]),
    finding('search.scope', [lackingScope(search, ['read:users'])]),
  ]
}
