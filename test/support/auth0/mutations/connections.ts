import fc from 'fast-check'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { LETTERS, lackingScope, refusalOf, send, shows, wait, withId, withJson, withQuery } from './changes.ts'
import { type Mutation, type MutationOf, mutation } from './mutation.ts'

const optionsOf = ({ json }: ApiRequest): Readonly<Record<string, unknown>> => {
  const options = isObject(json) ? json['options'] : undefined
  return isObject(options) ? options : {}
}

/** The connection that people move to, and who may use it. */
export const connectionMutations = (our: Ours): readonly Mutation[] => {
  const { anna } = our
  const list = our.request('GET /api/v2/connections')
  const create = our.request('POST /api/v2/connections')
  const change = our.request('PATCH /api/v2/connections/*', (request) => 'attributes' in optionsOf(request))
  const remove = our.request('DELETE /api/v2/connections/*')
  const anew = withJson(create, { name: '{connection name}' })
  const doing =
    (request: ApiRequest) =>
    (rule: string, wrongs: MutationOf['wrongs'], refusal = refusalOf(rule)): Mutation =>
      mutation(rule, { given: HOME, steps: [send(request)], refusal, wrongs })
  const listed = (others: Readonly<Record<string, string>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withQuery(list, others))] as const,
  })
  const created = (name: unknown) => ({
    wrong: `the name ${String(name)}`,
    steps: [send(withJson(create, { name }))] as const,
  })
  const changed = (json: unknown) => ({ wrong: JSON.stringify(json), steps: [send({ ...change, json })] as const })
  const long = our.importing([{ user_id: 'long', username: 'a'.repeat(100) }])
  const { attributes: _, ...others } = optionsOf(change)
  return [
    doing(list)('connections.list.strategy', [
      fc.stringMatching(/^[a-z]{12}$/u).map((strategy) => listed({ strategy })),
      fc.integer({ min: 101, max: 9999 }).map((size) => listed({ per_page: String(size) })),
    ]),
    doing(list)('connections.read.scope', [lackingScope(list, ['read:connections'])]),
    mutation('connections.read.options', {
      given: HOME,
      steps: [send(list)],
      refusal: refusalOf('connections.read.options', 1),
      wrongs: [{ wrong: 'may only read connections', steps: [send({ ...list, scopes: ['read:connections'] })] }],
    }),
    doing(create)('connections.create.name', [
      created(undefined),
      fc.stringMatching(/^[a-z]{3,20}[ _.:/@]{1,3}[a-z]{3,20}$/u).map(created),
      fc.stringMatching(/^-[a-z]{3,20}$/u).map(created),
      fc.stringMatching(/^[a-z]{3,20}-$/u).map(created),
      fc.stringMatching(/^[a-z]{129,140}$/u).map(created),
      { ...created('{connection name}'), refusal: refusalOf('connections.create.name', 5) },
    ]),
    mutation('connections.update.options.replaced', {
      given: HOME,
      steps: [send(change), long],
      refusal: { kind: 'row', index: 0, code: 'OBJECT_REQUIRED', path: 'email' },
      wrongs: [{ wrong: 'some of the options alone', steps: [send(withJson(change, { options: others })), long] }],
    }),
    doing(change)('connections.options.attributes.identified', [
      fc
        .subarray(['email', 'username', 'phone_number'], { minLength: 1 })
        .map((names) => Object.fromEntries(names.map((name) => [name, { identifier: { active: false } }])))
        .map((attributes) => changed({ options: { ...others, attributes } })),
    ]),
    doing(change)('connections.update.only', [
      fc
        .constantFrom('name', 'strategy', 'provisioning_ticket')
        .map((property) => changed({ ...(isObject(change.json) ? change.json : {}), [property]: 'matrix' })),
      changed({}),
    ]),
    doing(change)('connections.update.scope', [lackingScope(change, ['update:connections'])]),
    doing(change)('connections.update.options.scope', [lackingScope(change, ['update:connections_options'])]),
    mutation('connections.delete', {
      given: { ...HOME, users: [anna] },
      steps: [send(remove)],
      refusal: shows(`/api/v2/users/auth0%7C${String(anna['user_id'])}`, undefined, 404),
      wrongs: [
        { wrong: 'its users are read after it', steps: [send(remove)] },
        lackingScope(remove, ['delete:connections']).map((wrong) => ({
          ...wrong,
          refusal: refusalOf('connections.delete', 1),
        })),
      ],
    }),
    mutation('connections.delete.later', {
      given: { ...HOME, users: [anna] },
      steps: [send(remove), wait(60_000), send(anew)],
      refusal: refusalOf('connections.delete.later'),
      wrongs: [{ wrong: 'at once', steps: [send(remove), send(anew)] }],
    }),
    ...applicationMutations(our),
  ]
}

const applicationMutations = (our: Ours): readonly Mutation[] => {
  const read = our.request('GET /api/v2/connections/*/clients', ({ path }) => path.includes('{connection}'))
  const enabling = (status: boolean) => [{ client_id: '{client}', status }]
  const enable = our.request('PATCH /api/v2/connections/*/clients', ({ json }) => isTrue(json))
  const disable = our.request('PATCH /api/v2/connections/*/clients', ({ json }) => !isTrue(json))
  const application = our.request('GET /api/v2/clients/*')
  const enabled = (json: unknown) => ({ wrong: JSON.stringify(json), steps: [send({ ...enable, json })] as const })
  const [item] = enabling(true)
  return [
    mutation('clients.read', {
      given: HOME,
      steps: [send(read)],
      refusal: refusalOf('clients.read', 1),
      wrongs: [
        LETTERS.map((letters) => ({
          wrong: `the connection con_${letters}`,
          steps: [send(withId(read, 'connections', `con_${letters}`))],
          refusal: refusalOf('clients.read'),
        })),
        lackingScope(read, ['read:connections']),
        fc.integer({ min: 1001, max: 9999 }).map((take) => ({
          wrong: `${take} a page`,
          steps: [send(withQuery(read, { take: String(take) }))],
          refusal: refusalOf('clients.read', 2),
        })),
      ],
    }),
    mutation('clients.update.items', {
      given: HOME,
      steps: [send(enable)],
      refusal: refusalOf('clients.update.items'),
      wrongs: [
        enabled([]),
        enabled(item),
        enabled([{ client_id: '{client}' }]),
        fc.constantFrom<unknown>('true', 1, null).map((status) => enabled([{ ...item, status }])),
        fc.stringMatching(/^[a-z]{10}$/u).map((property) => enabled([{ ...item, [property]: 'more' }])),
      ],
    }),
    mutation('clients.update.most', {
      given: HOME,
      steps: [send(enable)],
      refusal: refusalOf('clients.update.most'),
      wrongs: [fc.integer({ min: 51, max: 200 }).map((length) => enabled(Array.from({ length }, () => item)))],
    }),
    mutation('clients.update.added', {
      given: HOME,
      steps: [send(enable)],
      refusal: shows('/api/v2/connections/{connection}/clients', { clients: [] }),
      wrongs: [
        { wrong: 'switched off', steps: [send(disable)] },
        lackingScope(enable, ['update:connections']).map((wrong) => ({
          ...wrong,
          refusal: refusalOf('clients.update.added', 1),
        })),
      ],
    }),
    mutation('clients.application', {
      given: HOME,
      steps: [send(application)],
      refusal: refusalOf('clients.application', 1),
      wrongs: [
        LETTERS.map((letters) => ({
          wrong: `the application ${letters}`,
          steps: [send(withQuery({ ...application, path: application.path.replace('{client}', letters) }, {}))],
          refusal: refusalOf('clients.application'),
        })),
        lackingScope(application, ['read:clients']),
      ],
    }),
  ]
}

const isTrue = (json: unknown): boolean => JSON.stringify(json).includes('true')
