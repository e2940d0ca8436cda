import { ANN, reading } from './examples.ts'
import { article, inferred, seenByOthers, specified } from './published.ts'
import { ANN_AND_BEA_THERE, ANN_PATH, ANN_THERE, patching, posting, refused, shown, withoutScope } from './requests.ts'
import type { Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const CREATE = 'POST /users'
const UPDATE = 'PATCH /users/{id}'
const PASSWORD = 'Correct-horse-9'
const NEW = { ...ANN, connection: '{connection name}', password: PASSWORD }

const creating = (body: Readonly<Record<string, unknown>>): Step => posting('/api/v2/users', body)

const conflict = refused(409, 'auth0_idp_error', 'The user already exists.')

/** What a new or changed user is held to beyond the fields one by one, which are in user-fields.ts. */
export const USERS_WRITE_RULES: readonly Rule[] = [
  {
    id: 'users.create.scope',
    says: 'Creating a user needs the scope create:users.',
    sources: [specified(CREATE, '"security": [{"oAuth2ClientCredentials": ["create:users"]}]')],
    keeps: { steps: [posting('/api/v2/users', NEW, { scopes: ['create:users'] })] },
    breaks: [
      {
        wrong: 'may only read',
        steps: [posting('/api/v2/users', NEW, { scopes: ['read:users', 'update:users'] })],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'users.create.connection.known',
    says: 'The connection is one of the tenant, by its name.',
    sources: [
      seenByOthers(
        'auth0.net, its integration tests',
        'https://github.com/auth0/auth0.net/tree/master/tests/Auth0.ManagementApi.IntegrationTests',
        'ApiError.ErrorCode.Should().Be("inexistent_connection")',
      ),
    ],
    keeps: { steps: [creating(NEW)] },
    breaks: [
      {
        wrong: 'a name that no connection has',
        steps: [creating({ ...NEW, connection: 'nowhere' })],
        refusal: refused(400, 'inexistent_connection', 'The connection does not exist.'),
      },
      {
        wrong: 'the id of the connection',
        steps: [creating({ ...NEW, connection: '{connection}' })],
        refusal: refused(400, 'inexistent_connection'),
      },
    ],
  },
  {
    id: 'users.create.connection.database',
    says: 'Users of enterprise and social connections cannot be created.',
    sources: [
      says('create', 'Create a new user for a given database or passwordless connection.'),
      article(
        'Create users for social connections',
        'https://community.auth0.com/t/39542',
        "You as an admin can't create a user for a social connection",
      ),
    ],
    keeps: { given: { enterprise: { strategy: 'oidc', scim: false } }, steps: [creating(NEW)] },
    breaks: [
      {
        wrong: 'an enterprise connection',
        given: { enterprise: { strategy: 'oidc', scim: false } },
        steps: [creating({ connection: '{enterprise name}', email: ANN.email })],
        refusal: refused(400, 'operation_not_supported'),
      },
    ],
  },
  {
    id: 'users.create.unique',
    says: 'A user_id, an e-mail address and a username belong to one user of a connection.',
    sources: [
      specified(CREATE, '"409": User already exists.'),
      seenByOthers(
        'Duplicate user creation fails with "409: Conflict" (auth0-python#118)',
        'https://github.com/auth0/auth0-python/issues/118',
        "a message as 'Conflict' instead of 'The user already exists.'",
      ),
    ],
    keeps: {
      given: ANN_THERE,
      steps: [creating({ ...NEW, user_id: 'other', email: 'other@example.org', username: 'other' })],
    },
    breaks: [
      {
        wrong: 'an address that is taken',
        given: ANN_THERE,
        steps: [creating({ ...NEW, username: 'other' })],
        refusal: conflict,
      },
      {
        wrong: 'an address that is taken, in capitals',
        given: ANN_THERE,
        steps: [creating({ ...NEW, email: 'ANN@example.org', username: 'other' })],
        refusal: conflict,
      },
      {
        wrong: 'a username that is taken',
        given: ANN_THERE,
        steps: [creating({ ...NEW, email: 'other@example.org' })],
        refusal: conflict,
      },
      {
        wrong: 'a user_id that is taken',
        given: ANN_THERE,
        steps: [creating({ ...NEW, user_id: 'ann', email: 'other@example.org', username: 'other' })],
        refusal: conflict,
      },
    ],
  },
  {
    id: 'users.password.strength',
    says: 'A password that is given has the strength that the connection asks for.',
    sources: [
      says('libraryErrors', "The password provided does not match the connection's strength requirements"),
      seenByOthers(
        'Machine Learning for Kids, how it reads the answer',
        'https://github.com/IBM/taxinomitis/blob/master/src/lib/restapi/users.ts',
        "err.response.body.message === 'PasswordStrengthError: Password is too weak'",
      ),
    ],
    keeps: { given: { connection: { options: { passwordPolicy: 'good' } } }, steps: [creating(NEW)] },
    breaks: [
      {
        wrong: 'too short when created',
        given: { connection: { options: { passwordPolicy: 'good' } } },
        steps: [creating({ ...NEW, password: 'short' })],
        refusal: refused(400, undefined, 'PasswordStrengthError: Password is too weak'),
      },
      {
        wrong: 'of one kind of letter when changed',
        given: { ...ANN_THERE, connection: { options: { passwordPolicy: 'good' } } },
        steps: [patching(ANN_PATH, { password: 'aaaaaaaaaaaa' })],
        refusal: refused(400, undefined, 'PasswordStrengthError: Password is too weak'),
      },
    ],
  },
  {
    id: 'users.update.known',
    says: 'Only a user who is there can be changed.',
    sources: [specified(UPDATE, '"404": User not found')],
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
    says: 'E-mail address, username and password are not changed in one request.',
    sources: [
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
    ],
  },
]
