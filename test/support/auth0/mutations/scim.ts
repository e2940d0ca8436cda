import fc from 'fast-check'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest, Given, Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { LETTERS, lackingScope, refusalOf, send, shows, withId, withJson, withQuery } from './changes.ts'
import { type Mutation, type MutationOf, mutation } from './mutation.ts'

const WITH: Given = { ...HOME, enterprise: { strategy: 'oidc', scim: true } }
const WITHOUT: Given = { ...HOME, enterprise: { strategy: 'oidc', scim: false } }

const atEntra = (attribute: string): Given => ({
  ...HOME,
  enterprise: { strategy: 'waad', scim: true, options: { userid_attribute: attribute } },
})

const FROM_ENTRA: Step = {
  kind: 'upstream login',
  connection: '{enterprise name}',
  subject: 'sub-of-4711',
  claims: { oid: '4711' },
}

const ofSubject = ({ json }: ApiRequest): boolean => isObject(json) && json['externalId'] === '4711'

/** Whether a connection has SCIM, and with which tokens. */
export const scimMutations = (our: Ours): readonly Mutation[] => {
  const setUp = our.request('POST /api/v2/connections/*/scim-configuration')
  const read = our.request('GET /api/v2/connections/*/scim-configuration', ({ path }) => path.includes('{enterprise}'))
  const token = our.request('POST /api/v2/connections/*/scim-configuration/tokens')
  const create = our.request('POST /scim/v2/connections/*/Users', ofSubject)
  const ofToken = (others: Readonly<Record<string, unknown>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withJson(token, others))] as const,
  })
  return [
    mutation('scim.configuration.enterprise', {
      given: WITHOUT,
      steps: [send(setUp)],
      refusal: refusalOf('scim.configuration.enterprise'),
      wrongs: [
        { wrong: 'a database', steps: [send(withId(setUp, 'connections', '{connection}'))] },
        LETTERS.map((letters) => ({
          wrong: `the connection con_${letters}`,
          steps: [send(withId(setUp, 'connections', `con_${letters}`))],
          refusal: refusalOf('scim.configuration.enterprise', 1),
        })),
        fc.stringMatching(/^[a-z]{12}$/u).map((property) => ({
          wrong: property,
          steps: [send(withJson(setUp, { [property]: 'externalId' }))],
          refusal: refusalOf('scim.configuration.enterprise', 2),
        })),
      ],
    }),
    mutation('scim.configuration.entra', {
      given: atEntra('oid'),
      steps: [send(create), FROM_ENTRA],
      refusal: shows('/api/v2/users/waad%7C{enterprise name}%7Csub-of-4711', { logins_count: 1 }),
      wrongs: [
        {
          wrong: 'where the connection goes by the sub',
          given: atEntra('sub'),
          steps: [send(create), FROM_ENTRA],
        },
      ],
    }),
    mutation('scim.configuration.read', {
      given: WITH,
      steps: [send(read)],
      refusal: refusalOf('scim.configuration.read', 1),
      wrongs: [
        { wrong: 'none is there', given: WITHOUT, steps: [send(read)], refusal: refusalOf('scim.configuration.read') },
        lackingScope(read, ['read:scim_config']),
      ],
    }),
    mutation('scim.tokens.two', {
      given: WITH,
      steps: [send(token)],
      refusal: refusalOf('scim.tokens.two'),
      wrongs: [{ wrong: 'a third', steps: [send(token), send(token), send(token)] }],
    }),
    mutation('scim.tokens.lifetime', {
      given: WITH,
      steps: [send(token)],
      refusal: refusalOf('scim.tokens.lifetime'),
      wrongs: [
        fc.integer({ max: 899 }).map((seconds) => ofToken({ token_lifetime: seconds })),
        ofToken({ scopes: [] }),
        fc
          .stringMatching(/^[a-z]{3,9}:users$/u)
          .filter((scope) => !/^(get|post|put|patch|delete):/u.test(scope))
          .map((scope) => ofToken({ scopes: [scope] })),
      ],
    }),
    mutation('scim.tokens.scope', {
      given: WITH,
      steps: [send(token)],
      refusal: refusalOf('scim.tokens.scope'),
      wrongs: [lackingScope(token, ['create:scim_token'])],
    }),
    ...scimUserMutations(our),
  ]
}

/** People made by SCIM. */
const scimUserMutations = (our: Ours): readonly Mutation[] => {
  const create = our.request('POST /scim/v2/connections/*/Users', ofSubject)
  const search = our.request('GET /scim/v2/connections/*/Users')
  const creating = (rule: string, wrongs: MutationOf['wrongs']): Mutation =>
    mutation(rule, { given: WITH, steps: [send(create)], refusal: refusalOf(rule), wrongs })
  const created = (others: Readonly<Record<string, unknown>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withJson(create, others))] as const,
  })
  return [
    creating('scim.users.token', [
      { wrong: 'a token of the Management API', steps: [send({ ...create, as: 'management' })] },
      { wrong: 'none', steps: [send({ ...create, as: 'nobody' })] },
      fc.subarray(['get:users', 'put:users', 'patch:users', 'delete:users'], { minLength: 1 }).map((scopes) => ({
        wrong: `may only ${scopes.join(', ')}`,
        steps: [send({ ...create, scopes })],
        refusal: refusalOf('scim.users.token', 2),
      })),
    ]),
    creating('scim.users.userName', [
      created({ userName: undefined }),
      fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)).map((userName) => created({ userName })),
    ]),
    creating('scim.users.externalId', [created({ externalId: undefined })]),
    creating('scim.users.unique', [
      { wrong: 'the same twice', steps: [send(create), send(create)] },
      {
        wrong: 'the same externalId',
        steps: [send(create), send(withJson(create, { userName: 'another', emails: undefined }))],
      },
    ]),
    mutation('scim.users.filter', {
      given: WITH,
      steps: [send(search)],
      refusal: refusalOf('scim.users.filter'),
      wrongs: [
        fc
          .constantFrom('externalId co "an"', 'externalId', 'externalId eq an')
          .map((filter) => ({ wrong: filter, steps: [send(withQuery(search, { filter }))] })),
      ],
    }),
  ]
}
