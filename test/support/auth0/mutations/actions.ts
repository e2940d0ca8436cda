import fc from 'fast-check'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest, Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { LETTERS, lackingScope, refusalOf, send, shows, withJson, withQuery } from './changes.ts'
import { type Mutation, type MutationOf, mutation, type Steps } from './mutation.ts'

const ARRIVING: Step = { kind: 'upstream login', connection: '{enterprise name}', subject: '4711' }

const RENEWING: Step = { kind: 'refresh', userId: 'oidc|{enterprise name}|4711' }

const bindsSomething = ({ json }: ApiRequest): boolean =>
  isObject(json) && Array.isArray(json['bindings']) && json['bindings'].length > 0

/** The Action that links people at their first login. */
export const actionMutations = (our: Ours): readonly Mutation[] => {
  const create = our.request('POST /api/v2/actions/actions')
  const deploy = our.request('POST /api/v2/actions/actions/*/deploy')
  const bindings = 'PATCH /api/v2/actions/triggers/post-login/bindings'
  const bind = our.request(bindings, bindsSomething)
  const unbind = our.request(bindings, (request) => !bindsSomething(request))
  const remove = our.request('DELETE /api/v2/actions/actions/*')
  const bound = (made = create): readonly [Step, Step, Step] => [send(made), send(deploy), send(bind)]
  const given = { ...HOME, enterprise: { strategy: 'oidc', scim: false } } as const
  const doing = (rule: string, steps: Steps, wrongs: MutationOf['wrongs'], refusal = refusalOf(rule)): Mutation =>
    mutation(rule, { given, steps, refusal, wrongs })
  const created = (others: Readonly<Record<string, unknown>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withJson(create, others))] as const,
  })
  const running = (rule: string, code: string, arriving: readonly [Step, ...Step[]] = [ARRIVING]): Mutation =>
    doing(rule, bound(), [
      {
        wrong: code,
        steps: [
          ...bound(withJson(create, { code: `exports.onExecutePostLogin = async (event, api) => { ${code} }` })),
          ...arriving,
        ],
      },
    ])
  const name = fc.stringMatching(/^[a-z]{12}$/u)
  return [
    doing(
      'actions.create.body',
      [send(create)],
      [
        created({ name: undefined }),
        created({ supported_triggers: [] }),
        name.map((id) => created({ supported_triggers: [{ id }] })),
        name.map((property) => created({ [property]: '' })),
        fc.oneof(fc.integer(), fc.boolean()).map((code) => created({ code })),
      ],
    ),
    doing('actions.create.scope', [send(create)], [lackingScope(create, ['create:actions'])]),
    doing('actions.secrets', [send(create)], [fc.string().map((value) => created({ secrets: [{ value }] }))]),
    doing(
      'actions.deploy',
      [send(create), send(deploy)],
      [
        LETTERS.map((letters) => ({
          wrong: letters,
          steps: [send(create), send({ ...deploy, path: deploy.path.replace('{id}', letters) })] as const,
        })),
      ],
    ),
    doing('actions.bind', bound(), [
      { wrong: 'not deployed', steps: [send(create), send(bind)] },
      LETTERS.map((value) => ({
        wrong: `the Action ${value}`,
        steps: [send(withJson(bind, { bindings: [{ ref: { type: 'action_id', value }, display_name: value }] }))],
      })),
      {
        wrong: 'an empty list, as if that added nothing',
        steps: [...bound(), send(unbind)],
        refusal: shows('/api/v2/actions/triggers/post-login/bindings', { total: 0 }),
      },
      name.map((trigger) => ({
        wrong: `the trigger ${trigger}`,
        steps: [send({ ...unbind, path: unbind.path.replace('post-login', trigger) })],
      })),
      lackingScope(unbind, ['update:actions']).map((wrong) => ({ ...wrong, refusal: refusalOf('actions.bind', 4) })),
      {
        wrong: 'no reference',
        steps: [send(withJson(bind, { bindings: [{ display_name: 'x' }] }))],
        refusal: refusalOf('actions.bind', 5),
      },
    ]),
    doing(
      'actions.delete',
      [...bound(), send(unbind), send(remove)],
      [
        { wrong: 'bound, without force', steps: [...bound(), send(withQuery(remove, { force: undefined }))] },
        LETTERS.map((letters) => ({
          wrong: letters,
          steps: [send({ ...remove, path: remove.path.replace('{id}', letters) })],
          refusal: refusalOf('actions.delete', 1),
        })),
      ],
    ),
    running('login.primary-user', "api.authentication.setPrimaryUser('auth0|nobody')"),
    running('login.denied', "api.access.deny('not today')"),
    running('login.refresh', "if (event.transaction.protocol === 'oauth2-refresh-token') api.access.deny('later')", [
      ARRIVING,
      RENEWING,
    ]),
    ...logMutations(our),
  ]
}

/** What the tenant's log says of a login that failed. */
const logMutations = (our: Ours): readonly Mutation[] => {
  const read = our.request('GET /api/v2/logs')
  const paged = (others: Readonly<Record<string, string>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withQuery(read, others))] as const,
  })
  return [
    mutation('logs.scope', {
      given: HOME,
      steps: [send(read)],
      refusal: refusalOf('logs.scope'),
      wrongs: [lackingScope(read, ['read:logs'])],
    }),
    mutation('logs.pages', {
      given: HOME,
      steps: [send(read)],
      refusal: refusalOf('logs.pages'),
      wrongs: [
        fc.integer({ min: 101, max: 9999 }).map((size) => paged({ per_page: String(size) })),
        fc.integer({ min: 10, max: 99 }).map((page) => paged({ per_page: '100', page: String(page) })),
        fc.integer({ max: -1 }).map((page) => paged({ page: String(page) })),
      ],
    }),
  ]
}
