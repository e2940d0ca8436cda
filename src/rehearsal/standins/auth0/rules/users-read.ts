import { reading } from './examples.ts'
import { inferred, seenByOthers, specified } from './published.ts'
import { ANN_PATH, ANN_THERE, refused, withoutScope } from './requests.ts'
import type { Rule } from './rule.ts'
import { says } from './users-published.ts'

const READ = 'GET /users/{id}'
const BY_EMAIL = 'GET /users-by-email'

/** Reads by id and by e-mail address, which see at once what was written. */
export const USERS_READ_RULES: readonly Rule[] = [
  {
    id: 'users.read.known',
    says: 'A read by id of nobody is answered 404.',
    sources: [
      specified(READ, '"responses": {"200", "400", "401", "403", "404", "429"}'),
      seenByOthers(
        'auth0.net, its integration tests of users',
        'https://github.com/auth0/auth0.net/blob/master/tests/Auth0.ManagementApi.IntegrationTests/UsersTests.cs',
        'getFunc.ShouldThrow<ApiException>().And.ApiError.ErrorCode.Should().Be("inexistent_user");',
      ),
    ],
    keeps: { given: ANN_THERE, steps: [reading(ANN_PATH)] },
    breaks: [
      {
        wrong: 'nobody there',
        steps: [reading(ANN_PATH)],
        refusal: refused(404, 'inexistent_user', 'The user does not exist.'),
      },
      {
        wrong: 'the id without its strategy',
        given: ANN_THERE,
        steps: [reading('/api/v2/users/ann')],
        refusal: refused(404, 'inexistent_user'),
      },
    ],
  },
  {
    id: 'users.read.scope',
    says: 'Reading a user needs the scope read:users.',
    sources: [
      specified(READ, '"oAuth2ClientCredentials": ["read:users", "read:current_user", "read:user_idp_tokens"]'),
    ],
    keeps: { given: ANN_THERE, steps: [reading(ANN_PATH, ['read:users'])] },
    breaks: [
      {
        wrong: 'may only create',
        given: ANN_THERE,
        steps: [reading(ANN_PATH, ['create:users'])],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'users.read.fields',
    says: 'Which fields are read, or left out, is said by names that a profile has.',
    sources: [
      says('list', 'Select the fields to be returned'),
      specified(READ, '"pattern": "^((phone_number)|(email)|(email_verified)|(picture)|(username)|(user_id)'),
    ],
    keeps: { given: ANN_THERE, steps: [reading(`${ANN_PATH}?fields=email,app_metadata&include_fields=true`)] },
    breaks: [
      {
        wrong: 'a field that no profile has',
        given: ANN_THERE,
        steps: [reading(`${ANN_PATH}?fields=email,password_hash`)],
        refusal: refused(400, 'invalid_query_string'),
      },
      {
        wrong: 'include_fields neither true nor false',
        given: ANN_THERE,
        steps: [reading(`${ANN_PATH}?fields=email&include_fields=maybe`)],
        refusal: refused(400, 'invalid_query_string'),
      },
    ],
  },
  {
    id: 'users-by-email.email.required',
    says: 'A read by e-mail address names one, in lower case, in which database users have it.',
    sources: [
      says('byEmail', 'make sure that you are searching for users via email addresses using the correct case'),
      specified(BY_EMAIL, '{"name": "email", "in": "query", "required": true'),
    ],
    keeps: { given: ANN_THERE, steps: [reading('/api/v2/users-by-email?email=ann%40example.org')] },
    breaks: [
      {
        wrong: 'no address',
        given: ANN_THERE,
        steps: [reading('/api/v2/users-by-email')],
        refusal: refused(400, 'invalid_query_string'),
      },
    ],
  },
  {
    id: 'users-by-email.scope',
    says: 'Reading users by their e-mail address needs the scope read:users.',
    sources: [specified(BY_EMAIL, '"oAuth2ClientCredentials": ["read:users"]')],
    keeps: { given: ANN_THERE, steps: [reading('/api/v2/users-by-email?email=ann%40example.org', ['read:users'])] },
    breaks: [
      {
        wrong: 'may only change',
        given: ANN_THERE,
        steps: [reading('/api/v2/users-by-email?email=ann%40example.org', ['update:users'])],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'users.read.paths',
    says: 'What the API does not have is answered 404.',
    sources: [inferred(specified(READ, '"responses": {"200", "400", "401", "403", "404", "429"}'))],
    keeps: { given: ANN_THERE, steps: [reading(ANN_PATH)] },
    breaks: [{ wrong: 'a path that is not there', steps: [reading('/api/v2/people')], refusal: refused(404) }],
  },
]
