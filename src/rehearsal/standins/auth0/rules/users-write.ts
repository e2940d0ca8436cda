import { ANN } from './examples.ts'
import { article, seenByOthers, specified } from './published.ts'
import { ANN_PATH, ANN_THERE, patching, posting, refused, withoutScope } from './requests.ts'
import type { Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const CREATE = 'POST /users'
const PASSWORD = 'Correct-horse-9'
const NEW = { ...ANN, connection: '{connection name}', password: PASSWORD }

const creating = (body: Readonly<Record<string, unknown>>): Step => posting('/api/v2/users', body)

const conflict = refused(409, 'auth0_idp_error', 'The user already exists.')

/** What a new user, and a new password, is held to beyond the fields one by one, which are in user-fields.ts. */
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
      specified(CREATE, '"responses": {"201", "400", "401", "403", "409", "429"}'),
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
]
