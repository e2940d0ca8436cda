import { reading } from './examples.ts'
import { article, inferred, seenByOthers, specified } from './published.ts'
import { ANN_AND_BEA_THERE, ANN_PATH, ANN_THERE, patching, posting, refused, shown, withoutScope } from './requests.ts'
import type { Given, Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const UPDATE = 'PATCH /users/{id}'
const PASSWORD = 'Correct-horse-9'

const COMPANY_ANN = '/api/v2/users/oidc%7C{enterprise name}%7Cann-at-idp'
const COMPANY = { strategy: 'oidc', scim: false } as const
const ANN_AND_BEA_THERE_AND_COMPANY = { ...ANN_AND_BEA_THERE, enterprise: COMPANY } as const

const COMPANY_ANN_COMES: Step = { kind: 'upstream login', connection: '{enterprise name}', subject: 'ann-at-idp' }

/** In a connection that takes phone numbers. */
const ANN_WITH_PHONE: Given = {
  ...ANN_THERE,
  connection: {
    options: {
      attributes: {
        email: { identifier: { active: true } },
        phone_number: { identifier: { active: true }, profile_required: false },
        username: { identifier: { active: true } },
      },
    },
  },
}

/** Ann came once through the provider, and her database user is linked to who she is there. */
const LINKED_BELOW_COMPANY: readonly [Step, Step] = [
  COMPANY_ANN_COMES,
  posting(`${COMPANY_ANN}/identities`, { provider: 'auth0', user_id: 'ann' }),
]

/** What a change of a user does, and what cannot be changed. */
export const USERS_UPDATE_RULES: readonly Rule[] = [
  {
    id: 'users.update.known',
    says: 'Only a user who is there can be changed.',
    sources: [specified(UPDATE, '"responses": {"200", "400", "401", "403", "404", "429"}')],
    keeps: { given: ANN_THERE, steps: [patching(ANN_PATH, { given_name: 'Ann' })] },
    breaks: [
      {
        wrong: 'nobody there',
        steps: [patching(ANN_PATH, { given_name: 'Ann' })],
        refusal: refused(404, 'inexistent_user', 'The user does not exist.'),
      },
    ],
  },
  {
    id: 'users.update.scope',
    says: 'Changing a user needs the scope update:users.',
    sources: [specified(UPDATE, '"oAuth2ClientCredentials": ["update:users", "update:users_app_metadata"')],
    keeps: { given: ANN_THERE, steps: [patching(ANN_PATH, { given_name: 'Ann' }, { scopes: ['update:users'] })] },
    breaks: [
      {
        wrong: 'may only create',
        given: ANN_THERE,
        steps: [patching(ANN_PATH, { given_name: 'Ann' }, { scopes: ['create:users', 'read:users'] })],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'users.update.metadata.merged',
    says: 'Metadata is merged at its first level; what is below is replaced.',
    sources: [
      says(
        'update',
        'These properties are merged instead of being replaced but be careful, the merge only occurs on the first level.',
      ),
    ],
    keeps: {
      given: ANN_AND_BEA_THERE,
      steps: [patching(ANN_PATH, { app_metadata: { plan: { name: 'gold' } } }), reading(ANN_PATH)],
    },
    breaks: [
      {
        wrong: 'a key without the others, as if that took them away',
        given: ANN_AND_BEA_THERE,
        steps: [patching(ANN_PATH, { app_metadata: { plan: 'gold' } })],
        refusal: shown(ANN_PATH, { app_metadata: { of: 'ann', plan: 'gold' } }),
      },
      {
        wrong: 'a part of what a key holds, as if that were merged too',
        given: ANN_THERE,
        steps: [
          patching(ANN_PATH, { app_metadata: { deep: { one: 1 } } }),
          patching(ANN_PATH, { app_metadata: { deep: { two: 2 } } }),
        ],
        refusal: shown(ANN_PATH, { app_metadata: { deep: { two: 2 } } }),
      },
    ],
  },
  {
    id: 'users.update.metadata.null',
    says: 'A key of metadata that is set to null goes; an empty object takes all of them.',
    sources: [says('metadata', 'patching the metadata itself with an empty object removes the metadata completely')],
    keeps: { given: ANN_AND_BEA_THERE, steps: [patching(ANN_PATH, { app_metadata: { of: null } })] },
    breaks: [
      {
        wrong: 'null for a value',
        given: ANN_AND_BEA_THERE,
        steps: [patching(ANN_PATH, { app_metadata: { of: null, plan: 'gold' } })],
        refusal: shown(ANN_PATH, { app_metadata: { plan: 'gold' } }),
      },
    ],
  },
  {
    id: 'users.update.one-identifier',
    says: 'E-mail address, username and password are not changed in one request; whether the address is verified goes with the address alone.',
    sources: [
      article(
        "Auth0's provider for Terraform, internal/auth0/user/resource.go",
        'https://github.com/auth0/terraform-provider-auth0/blob/main/internal/auth0/user/resource.go',
        'cannot update username and email_verified simultaneously',
      ),
      seenByOthers(
        'auth0plus, which lists what Auth0 answers',
        'https://github.com/bretth/auth0plus',
        'Cannot update username and email simultaneously',
      ),
      seenByOthers(
        'auth0-java: Update of name, familyName, givenName fails with API v2',
        'https://github.com/auth0/auth0-java/issues/60',
        'telling me that I cannot make updates to the password and emailVerified at the same time',
      ),
      inferred(
        says('update', 'username or password of a secondary identity, you need to specify the connection property too'),
      ),
    ],
    keeps: {
      given: ANN_THERE,
      steps: [patching(ANN_PATH, { username: 'anna' }), patching(ANN_PATH, { email: 'anna@example.org' })],
    },
    breaks: [
      {
        wrong: 'address and username',
        given: ANN_THERE,
        steps: [patching(ANN_PATH, { username: 'anna', email: 'anna@example.org' })],
        refusal: refused(400, 'operation_not_supported'),
      },
      {
        wrong: 'address and password',
        given: ANN_THERE,
        steps: [patching(ANN_PATH, { password: PASSWORD, email: 'anna@example.org' })],
        refusal: refused(400, 'operation_not_supported'),
      },
      {
        wrong: 'username and password',
        given: ANN_THERE,
        steps: [patching(ANN_PATH, { password: PASSWORD, username: 'anna' })],
        refusal: refused(400, 'operation_not_supported'),
      },
      {
        wrong: 'username, and that the address is verified',
        given: ANN_THERE,
        steps: [patching(ANN_PATH, { username: 'anna', email_verified: true })],
        refusal: refused(400, 'operation_not_supported'),
      },
      {
        wrong: 'password, and that the address is verified',
        given: ANN_THERE,
        steps: [patching(ANN_PATH, { password: PASSWORD, email_verified: true })],
        refusal: refused(400, 'operation_not_supported'),
      },
    ],
  },
  {
    id: 'users.update.verify_phone_number',
    says: 'Whether a message is sent about a new phone number is said of users of SMS connections alone.',
    sources: [says('update', 'Only valid when changing phone number for SMS connections.')],
    keeps: { given: ANN_WITH_PHONE, steps: [patching(ANN_PATH, { phone_number: '+4930123456' })] },
    breaks: [
      {
        wrong: 'of a user of a database',
        given: ANN_WITH_PHONE,
        steps: [patching(ANN_PATH, { phone_number: '+4930123456', verify_phone_number: false })],
        refusal: refused(400),
      },
    ],
  },
  {
    id: 'users.update.names-of-provider',
    says: 'Names and pictures that a provider writes at each login are not changed here.',
    sources: [
      seenByOthers(
        'Auth0 does not allow Oauth accounts to change their name and profile image',
        'https://github.com/rfcx/arbimon/issues/1397',
        'The following user attributes cannot be updated: family_name, given_name, picture. The connection (google-oauth2) must either be a database connection',
      ),
      seenByOthers(
        'Optional and not modified attributes for User cause 400 Bad Request',
        'https://github.com/alexkappa/terraform-provider-auth0/issues/292',
        "or has disabled 'Sync user profile attributes at each login'",
      ),
    ],
    keeps: {
      given: { enterprise: { ...COMPANY, options: { set_user_root_attributes: 'on_first_login' } } },
      steps: [COMPANY_ANN_COMES, patching(COMPANY_ANN, { given_name: 'Ann' })],
    },
    breaks: [
      {
        wrong: 'as is usual for a connection',
        given: { enterprise: COMPANY },
        steps: [COMPANY_ANN_COMES, patching(COMPANY_ANN, { given_name: 'Ann' })],
        refusal: refused(
          400,
          'operation_not_supported',
          'The following user attributes cannot be updated: given_name.',
        ),
      },
      {
        wrong: 'a picture and a nickname, where it is said to be written at each login',
        given: { enterprise: { ...COMPANY, options: { set_user_root_attributes: 'on_each_login' } } },
        steps: [COMPANY_ANN_COMES, patching(COMPANY_ANN, { picture: 'https://example.org/a.png', nickname: 'Ann' })],
        refusal: refused(400, 'operation_not_supported', 'cannot be updated: nickname, picture.'),
      },
    ],
  },
  {
    id: 'users.update.linked',
    says: 'Name, address and password of a linked identity are changed by a request that names its connection.',
    sources: [says('update', 'of a secondary identity, you need to specify the `connection` property too.')],
    keeps: {
      given: ANN_AND_BEA_THERE_AND_COMPANY,
      steps: [...LINKED_BELOW_COMPANY, patching(COMPANY_ANN, { username: 'anna', connection: '{connection name}' })],
    },
    breaks: [
      {
        wrong: 'without the connection, of somebody whose own comes from a provider',
        given: ANN_AND_BEA_THERE_AND_COMPANY,
        steps: [...LINKED_BELOW_COMPANY, patching(COMPANY_ANN, { username: 'anna' })],
        refusal: refused(400, 'operation_not_supported'),
      },
      {
        wrong: 'a name that another has',
        given: ANN_AND_BEA_THERE_AND_COMPANY,
        steps: [...LINKED_BELOW_COMPANY, patching(COMPANY_ANN, { username: 'bea', connection: '{connection name}' })],
        refusal: refused(400, 'auth0_idp_error'),
      },
    ],
  },
]
