import { ANN } from './examples.ts'
import { seenByOthers, specified } from './published.ts'
import type { ApiRequest, Rule, Step } from './rule.ts'

const read = (more: Partial<ApiRequest> = {}): Step => ({
  kind: 'request',
  request: { method: 'GET', path: '/api/v2/users/{user}', ...more },
})

const given = { users: [ANN] }
const UNAUTHORIZED = { kind: 'answer', status: 401, error: 'Unauthorized' } as const

/** Who is let in to the Management API. */
export const MANAGEMENT_TOKEN_RULES: readonly Rule[] = [
  {
    id: 'management-token.required',
    says: 'A request without a token is not let in.',
    sources: [specified('GET /users/{id}', '"responses": {"200", "400", "401", "403", "404", "429"}')],
    keeps: { given, steps: [read()] },
    breaks: [
      { wrong: 'no token', given, steps: [read({ as: 'nobody' })], refusal: UNAUTHORIZED },
      {
        wrong: 'no token that anybody issued',
        given,
        steps: [read({ as: 'nobody', headers: { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA' } })],
        refusal: UNAUTHORIZED,
      },
    ],
  },
  {
    id: 'management-token.fresh',
    says: 'A token is good until it expires.',
    sources: [
      seenByOthers(
        '401: Expired token received for JSON Web Token validation (laravel-auth0#455)',
        'https://github.com/auth0/laravel-auth0/issues/455',
        'it begins to constantly return a 401 error “Expired token received for JSON Web Token validation”',
      ),
    ],
    keeps: { given, steps: [read()] },
    breaks: [
      {
        wrong: 'a token of the day before yesterday',
        given,
        steps: [read({ as: 'somebody expired' })],
        refusal: { ...UNAUTHORIZED, message: 'Expired token received for JSON Web Token validation' },
      },
    ],
  },
  {
    id: 'management-token.audience',
    says: 'The token is for the Management API of this tenant.',
    sources: [
      seenByOthers(
        'Auth0 Bad audience error (node-auth0#787)',
        'https://github.com/auth0/node-auth0/issues/787',
        'Unauthorized: Bad audience: https://myaudience.com/api/v2',
      ),
    ],
    keeps: { given, steps: [read()] },
    breaks: [
      {
        wrong: 'a token for another API',
        given,
        steps: [read({ as: 'a wrong audience' })],
        refusal: { ...UNAUTHORIZED, message: 'Bad audience' },
      },
    ],
  },
  {
    id: 'management-token.scope',
    says: 'The token has one of the scopes that the operation asks for.',
    sources: [
      seenByOthers(
        'auth0-deploy-cli - Insufficient scope (auth0-deploy-cli#178)',
        'https://github.com/auth0/auth0-deploy-cli/issues/178',
        '{"statusCode":403,"error":"Forbidden","message":"Insufficient scope, expected any of: read:roles","errorCode":"insufficient_scope"}',
      ),
    ],
    keeps: { given, steps: [read({ scopes: ['read:users'] })] },
    breaks: [
      {
        wrong: 'a token that may create users',
        given,
        steps: [read({ scopes: ['create:users'] })],
        refusal: {
          kind: 'answer',
          status: 403,
          error: 'Forbidden',
          errorCode: 'insufficient_scope',
          message: 'Insufficient scope, expected any of: read:users',
        },
      },
    ],
  },
]
