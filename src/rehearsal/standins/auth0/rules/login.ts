import { importing, reading } from './examples.ts'
import { article, inferred, seenByOthers } from './published.ts'
import { ANN_PATH, patching, refusedAs, shown } from './requests.ts'
import { row } from './row-rule.ts'
import type { Rule, Step } from './rule.ts'
import { says, specifiedByAuthentication } from './users-published.ts'

const REALM = 'http://auth0.com/oauth/grant-type/password-realm'
const PASSWORD = 'Correct-horse-9'
const ANN = { user_id: 'ann', email: 'ann@example.org', username: 'ann', password: PASSWORD }
const THERE = { users: [ANN] } as const

// Of `pass wörd`, cost 4, to be quick.
const PASS_WORD = {
  custom_password_hash: {
    algorithm: 'bcrypt',
    hash: { value: '$2b$04$abcdefghijklmnopqrstuubAecMWGbmQxiv.1AEZk7PUTbAqyEGMO', encoding: 'utf8' },
  },
}

const form = {
  grant_type: REALM,
  realm: '{connection name}',
  client_id: '{client}',
  client_secret: '{secret}',
  username: 'ann',
  password: PASSWORD,
}

const request = (others: Readonly<Record<string, string>>) =>
  ({ method: 'POST', path: '/oauth/token', form: { ...form, ...others }, as: 'nobody' }) as const

const loggingIn = (others: Readonly<Record<string, string>> = {}): Step => ({
  kind: 'request',
  request: request(others),
})

const WRONG = refusedAs(403, 'invalid_grant', 'Wrong email or password.')

/** Logins with a password, by which a canary is proved, and through other providers. */
export const LOGIN_RULES: readonly Rule[] = [
  {
    id: 'login.password',
    says: 'Who logs in shows a password of an account that is there, by username or e-mail address.',
    sources: [
      seenByOthers(
        '"error":"invalid_grant" (react-native-auth0#224)',
        'https://github.com/auth0/react-native-auth0/issues/224',
        '{"error":"invalid_grant","error_description":"Wrong email or password."},"status":403',
      ),
      specifiedByAuthentication('"403": {"description": "Forbidden - Access denied or invalid credentials"'),
    ],
    keeps: { given: THERE, steps: [loggingIn(), loggingIn({ username: 'ANN@example.org' })] },
    breaks: [
      { wrong: 'a wrong password', given: THERE, steps: [loggingIn({ password: 'wrong' })], refusal: WRONG },
      { wrong: 'nobody', steps: [loggingIn()], refusal: WRONG },
      { wrong: 'the user_id', given: THERE, steps: [loggingIn({ username: 'auth0|ann' })], refusal: WRONG },
    ],
  },
  {
    id: 'login.password.letters',
    says: 'A login takes any letter that an imported hash was made of, also a space and others that no password can be set with. Nobody says that it does.',
    sources: [inferred(says('profile', 'Passwords support ASCII characters in the range of 33-126.'))],
    keeps: { steps: [importing(row(PASS_WORD)), loggingIn({ username: 'ada@example.com', password: 'pass wörd' })] },
    breaks: [
      {
        wrong: 'the same without what is not ASCII',
        steps: [importing(row(PASS_WORD)), loggingIn({ username: 'ada@example.com', password: 'pass word' })],
        refusal: WRONG,
      },
      {
        wrong: 'the same without the space',
        steps: [importing(row(PASS_WORD)), loggingIn({ username: 'ada@example.com', password: 'passwörd' })],
        refusal: WRONG,
      },
    ],
  },
  {
    id: 'login.parameters',
    says: 'A login names a username, a password and a realm.',
    sources: [inferred(specifiedByAuthentication('"error_description": "Missing required parameter: code"'))],
    keeps: { given: THERE, steps: [loggingIn()] },
    breaks: [
      {
        wrong: 'no username',
        given: THERE,
        steps: [loggingIn({ username: '' })],
        refusal: refusedAs(400, 'invalid_request'),
      },
      {
        wrong: 'no password',
        given: THERE,
        steps: [loggingIn({ password: '' })],
        refusal: refusedAs(400, 'invalid_request'),
      },
      {
        wrong: 'no realm',
        given: THERE,
        steps: [loggingIn({ realm: '' })],
        refusal: refusedAs(400, 'invalid_request'),
      },
    ],
  },
  {
    id: 'login.grant-allowed',
    says: 'The application may use the grant.',
    sources: [
      seenByOthers(
        'Cannot use grant type password realm (auth0.net#501)',
        'https://github.com/auth0/auth0.net/issues/501',
        "Grant type 'http://auth0.com/oauth/grant-type/password-realm' not allowed for the client.",
      ),
      says('passwordGrant', "Make sure your Application's Grant Types include Password."),
    ],
    keeps: { given: { ...THERE, grantTypes: ['password', REALM] }, steps: [loggingIn()] },
    breaks: [
      {
        wrong: 'it may not',
        given: { ...THERE, grantTypes: ['client_credentials'] },
        steps: [loggingIn()],
        refusal: refusedAs(403, 'unauthorized_client', `Grant type '${REALM}' not allowed for the client.`),
      },
    ],
  },
  {
    id: 'login.connection-enabled',
    says: 'The connection is enabled for the application.',
    sources: [
      inferred(
        seenByOthers(
          'Errors of the Authentication API (auth0/docs)',
          'https://github.com/auth0/docs/commit/d653bc075bd88a55d8440e29bb1f4c1e8b107cbc',
          'the connection was disabled',
        ),
      ),
    ],
    keeps: { given: THERE, steps: [loggingIn()] },
    breaks: [
      {
        wrong: 'it is not',
        given: THERE,
        steps: [
          patching('/api/v2/connections/{connection}/clients', [{ client_id: '{client}', status: false }]),
          loggingIn(),
        ],
        refusal: refusedAs(400, 'invalid_request', 'the connection was disabled'),
      },
      {
        wrong: 'a realm that is not there',
        given: THERE,
        steps: [loggingIn({ realm: 'nowhere' })],
        refusal: refusedAs(400, 'invalid_request', 'the connection was not found'),
      },
    ],
  },
  {
    id: 'login.default-directory',
    says: 'The grant without a realm is for a tenant that has a default directory, which this one has not.',
    sources: [
      says(
        'passwordGrant',
        'capable of authenticating users by username and password, so you must set the default connection for the tenant',
      ),
    ],
    keeps: { given: THERE, steps: [loggingIn()] },
    breaks: [
      {
        wrong: 'without a realm',
        given: THERE,
        steps: [loggingIn({ grant_type: 'password' })],
        refusal: refusedAs(500, 'server_error', 'Authorization server not configured with default connection.'),
      },
    ],
  },
  {
    id: 'login.blocked',
    says: 'Whoever an administrator has blocked does not get in.',
    sources: [says('blocks', 'error=unauthorized&error_description=user%20is%20blocked')],
    keeps: { given: THERE, steps: [loggingIn()] },
    breaks: [
      {
        wrong: 'blocked',
        given: { users: [{ ...ANN, blocked: true }] },
        steps: [loggingIn()],
        refusal: refusedAs(403, 'unauthorized', 'user is blocked'),
      },
    ],
  },
  {
    id: 'login.brute-force',
    says: 'After ten wrong passwords nobody gets in as that user from that address.',
    sources: [
      says('bruteForce', 'Default sets the brute force threshold to 10.'),
      says('bruteForce', 'we respond to subsequent requests from the given user identifier with an HTTP 429'),
      article(
        'Your account has been blocked after multiple consecutive login attempts',
        'https://community.auth0.com/t/error-your-account-has-been-blocked-after-multiple-consecutive-login-attempts/87776',
        'Your account has been blocked after multiple consecutive login attempts.',
      ),
    ],
    keeps: {
      given: THERE,
      steps: [{ kind: 'burst', request: request({ password: 'wrong' }), times: 9 }, loggingIn()],
    },
    breaks: [
      {
        wrong: 'the right password after ten wrong ones',
        given: THERE,
        steps: [{ kind: 'burst', request: request({ password: 'wrong' }), times: 10 }, loggingIn()],
        refusal: refusedAs(429, 'too_many_attempts'),
      },
    ],
  },
  {
    id: 'login.counted',
    says: 'A login is counted, and its time kept.',
    sources: [
      says('profile', 'Number of times the user has logged in.'),
      says('profile', 'Timestamp indicating when the user last logged in.'),
    ],
    keeps: { given: THERE, steps: [loggingIn(), reading(ANN_PATH)] },
    breaks: [
      {
        wrong: 'twice, as if once',
        given: THERE,
        steps: [loggingIn(), loggingIn()],
        refusal: shown(ANN_PATH, { logins_count: 2 }),
      },
    ],
  },
]
