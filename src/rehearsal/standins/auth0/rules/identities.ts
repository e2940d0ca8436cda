import { inferred, seenByOthers, specified } from './published.ts'
import {
  ANN_AND_BEA_THERE,
  ANN_PATH,
  ANN_THERE,
  BEA_PATH,
  deleting,
  eachOf,
  gone,
  posting,
  refused,
  shown,
  withoutScope,
} from './requests.ts'
import type { Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const LINK = 'POST /users/{id}/identities'
const UNLINK = 'DELETE /users/{id}/identities/{provider}/{user_id}'

const linking = (body: unknown, scopes?: readonly string[]): Step =>
  posting(`${ANN_PATH}/identities`, body, scopes === undefined ? {} : { scopes })

const BEA = { provider: 'auth0', user_id: 'bea', connection_id: '{connection}' }
const UNLINK_BEA = deleting(`${ANN_PATH}/identities/auth0/bea`)

const PROVISIONED = posting(
  '/scim/v2/connections/{enterprise}/Users',
  { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ann', externalId: 'ann-at-idp' },
  { as: 'SCIM' },
)
const WITH_SCIM = { ...ANN_THERE, enterprise: { strategy: 'oidc', scim: true } } as const

/** Linking: one profile becomes an identity of another. */
export const IDENTITIES_RULES: readonly Rule[] = [
  {
    id: 'identities.link.both-exist',
    says: 'Both users are there when they are linked.',
    sources: [
      says('linking', 'The process of linking accounts merges two existing user profiles into a single one.'),
      specified(LINK, '"responses": {"201", "400", "401", "403", "409", "429"}'),
    ],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking(BEA)] },
    breaks: [
      {
        wrong: 'the second is not there',
        given: ANN_THERE,
        steps: [linking(BEA)],
        refusal: refused(400, 'inexistent_user'),
      },
      {
        wrong: 'the first is not there',
        given: ANN_THERE,
        steps: [posting(`${BEA_PATH}/identities`, { provider: 'auth0', user_id: 'ann' })],
        refusal: refused(400, 'inexistent_user'),
      },
      {
        wrong: 'with themselves',
        given: ANN_THERE,
        steps: [linking({ provider: 'auth0', user_id: 'ann' })],
        refusal: refused(400, 'operation_not_supported'),
      },
    ],
  },
  {
    id: 'identities.link.body',
    says: 'Who is linked is said by provider and user_id, perhaps with the connection, and nothing else.',
    sources: [
      specified(LINK, '"additionalProperties": false, "minProperties": 1'),
      says('link', 'In this case you need to send provider and user_id in the body.'),
    ],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking({ provider: 'auth0', user_id: 'bea' })] },
    breaks: eachOf<readonly [string, unknown]>(
      [
        ['no provider', { user_id: 'bea' }],
        ['no user_id', { provider: 'auth0' }],
        ['a provider that does not exist', { ...BEA, provider: 'database' }],
        ['the name of the connection for its id', { ...BEA, connection_id: 'matrix' }],
        ['another property', { ...BEA, isSocial: false }],
        ['nothing', {}],
      ],
      ([wrong, body]) => ({
        wrong,
        given: ANN_AND_BEA_THERE,
        steps: [linking(body)],
        refusal: refused(400, 'invalid_body'),
      }),
    ),
  },
  {
    id: 'identities.link.once',
    says: 'An identity is linked once.',
    sources: [inferred(specified(LINK, '"responses": {"201", "400", "401", "403", "409", "429"}'))],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking(BEA)] },
    breaks: [
      {
        wrong: 'the same again',
        given: ANN_AND_BEA_THERE,
        steps: [linking(BEA), linking(BEA)],
        refusal: refused(409),
      },
    ],
  },
  {
    id: 'identities.link.secondary-gone',
    says: 'The second profile is no profile of its own any more.',
    sources: [says('linking', 'The secondary account is removed from the users list')],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking(BEA)] },
    breaks: [{ wrong: 'read after it', given: ANN_AND_BEA_THERE, steps: [linking(BEA)], refusal: gone(BEA_PATH) }],
  },
  {
    id: 'identities.link.metadata',
    says: 'The metadata of the second is lost, that of the first stays.',
    sources: [
      says('linking', 'Metadata is not automatically merged during account linking.'),
      says('linking', 'The `user_metadata` and `app_metadata` of the secondary account are discarded'),
    ],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking(BEA)] },
    breaks: [
      {
        wrong: 'taken for a merge',
        given: ANN_AND_BEA_THERE,
        steps: [linking(BEA)],
        refusal: shown(ANN_PATH, { app_metadata: { of: 'ann' } }),
      },
      {
        wrong: 'taken for kept with the second, when it is on its own again',
        given: ANN_AND_BEA_THERE,
        steps: [linking(BEA), UNLINK_BEA],
        refusal: shown(BEA_PATH, { user_id: 'auth0|bea' }),
      },
    ],
  },
  {
    id: 'identities.link.provisioned-first',
    says: 'A user whom SCIM has provisioned stays the first of the linked.',
    sources: [says('scim', 'the SCIM-provisioned user account must be set as the primary user account')],
    keeps: {
      given: WITH_SCIM,
      steps: [
        PROVISIONED,
        posting('/api/v2/users/oidc%7C{enterprise name}%7Cann-at-idp/identities', {
          provider: 'auth0',
          user_id: 'ann',
        }),
      ],
    },
    breaks: [
      {
        wrong: 'as the second',
        given: WITH_SCIM,
        steps: [PROVISIONED, linking({ provider: 'oidc', user_id: '{enterprise name}|ann-at-idp' })],
        refusal: refused(400, 'operation_not_supported'),
      },
    ],
  },
  {
    id: 'identities.link.scope',
    says: 'Linking needs the scope update:users.',
    sources: [specified(LINK, '"oAuth2ClientCredentials": ["update:users", "update:current_user_identities"]')],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking(BEA, ['update:users'])] },
    breaks: [
      {
        wrong: 'may only create',
        given: ANN_AND_BEA_THERE,
        steps: [linking(BEA, ['create:users', 'read:users'])],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'identities.unlink',
    says: 'What is unlinked becomes a profile of its own.',
    sources: [
      says('unlinking', 'A new secondary user account is created.'),
      specified(UNLINK, '"responses": {"200", "400", "401", "403", "429"}'),
    ],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking(BEA), UNLINK_BEA] },
    breaks: [
      {
        wrong: 'one that is not linked',
        given: ANN_AND_BEA_THERE,
        steps: [UNLINK_BEA],
        refusal: refused(400),
      },
      {
        wrong: 'the first identity',
        given: ANN_THERE,
        steps: [deleting(`${ANN_PATH}/identities/auth0/ann`)],
        refusal: refused(400),
      },
    ],
  },
  {
    id: 'identities.delete.with-primary',
    says: 'Who is deleted takes those linked with them.',
    sources: [says('linking', 'If you delete the primary account, the secondary account is deleted as well')],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking(BEA), deleting(ANN_PATH)] },
    breaks: [
      {
        wrong: 'read after it',
        given: ANN_AND_BEA_THERE,
        steps: [linking(BEA), deleting(ANN_PATH)],
        refusal: gone(BEA_PATH),
      },
    ],
  },
  {
    id: 'identities.link.user_id',
    says: 'The user_id of an identity is what comes after the strategy.',
    sources: [
      seenByOthers(
        'auth0.net, its integration tests of users',
        'https://github.com/auth0/auth0.net/blob/master/tests/Auth0.ManagementApi.IntegrationTests/UsersTests.cs',
        "UserId = secondaryUser.UserId.Split('|')[1]",
      ),
      inferred(says('unlinking', 'ID of the secondary linked account')),
    ],
    keeps: { given: ANN_AND_BEA_THERE, steps: [linking(BEA)] },
    breaks: [
      {
        wrong: 'with the strategy before it',
        given: ANN_AND_BEA_THERE,
        steps: [linking({ ...BEA, user_id: 'auth0|bea' })],
        refusal: refused(400, 'inexistent_user'),
      },
    ],
  },
]
