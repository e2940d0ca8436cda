import { ANN, MINUTE, SECOND, waiting } from './examples.ts'
import { documented, seenByOthers } from './published.ts'
import type { ApiRequest, Given, PlanName, Refusal, Rule, Source, Step, Trial } from './rule.ts'

const TOO_MANY = 'Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset headers.'
const GLOBAL = 'Global limit has been reached'

const globalText = seenByOthers(
  "error: 'Too Many Requests' (auth0-reset-tenant#31)",
  'https://github.com/auth0-extensions/auth0-reset-tenant/issues/31',
  "status=429, body={ statusCode: 429, error: 'Too Many Requests', message: 'Global limit has been reached', errorCode: 'too_many_requests' }",
)
const endpointText: Source = {
  title: 'Rate limits (auth0/docs, until 2021)',
  page: 'https://github.com/auth0/docs/blob/master/articles/policies/rate-limits.md',
  quote: TOO_MANY,
  grade: 'documented',
}

const accessDenied = seenByOthers(
  'Global limit has been reached',
  'https://community.auth0.com/t/global-limit-has-been-reached/77440',
  "body: {error: 'access_denied', error_description: 'Global limit has been reached'}",
)
const MINUTELY =
  'If the sustained rate limit is calculated in Requests per Minute, new requests are added on a second basis.'

const tooMany = (message: string): Refusal => ({ kind: 'answer', status: 429, message })

const readUser: ApiRequest = { method: 'GET', path: '/api/v2/users/{user}' }
const changeUser: ApiRequest = { method: 'PATCH', path: '/api/v2/users/{user}', json: { given_name: 'Anna' } }
const deleteUser: ApiRequest = { method: 'DELETE', path: '/api/v2/users/auth0%7Cnobody' }
const readJob: ApiRequest = { method: 'GET', path: '/api/v2/jobs/{job}' }
const readConnections: ApiRequest = { method: 'GET', path: '/api/v2/connections' }
const readScim: ApiRequest = { method: 'GET', path: '/scim/v2/connections/{enterprise}/Users', as: 'SCIM' }
const getToken: ApiRequest = {
  method: 'POST',
  path: '/oauth/token',
  as: 'nobody',
  form: {
    grant_type: 'client_credentials',
    client_id: '{client}',
    client_secret: '{secret}',
    audience: '{url}/api/v2/',
  },
}

const withAnn: Given = { users: [ANN] }
const withScim: Given = { enterprise: { strategy: 'oidc', scim: true } }

interface Bucket {
  readonly id: string
  readonly says: string
  readonly sources: Rule['sources']
  readonly plan: PlanName
  readonly given?: Given
  readonly before?: Step
  readonly request: ApiRequest
  readonly burst: number
  /** Milliseconds until one more is let in. */
  readonly refill: number
  readonly message: string
}

/** A burst of just so many is let in, one more is not; after a while there is room again. */
const bucketRule = ({ id, says, sources, plan, given, before, request, burst, refill, message }: Bucket): Rule => {
  const of = { ...given, plan }
  const times = (count: number): Step => ({ kind: 'burst', request, times: count })
  const steps = (first: Step, ...rest: readonly Step[]): Trial['steps'] =>
    before === undefined ? [first, ...rest] : [before, first, ...rest]
  return {
    id,
    says,
    sources,
    keeps: { given: of, steps: steps(times(burst), waiting(refill), times(1)) },
    breaks: [
      { wrong: `${burst + 1} at once`, given: of, steps: steps(times(burst + 1)), refusal: tooMany(message) },
      {
        wrong: 'one more before there is room again',
        given: of,
        steps: steps(times(burst), waiting(refill - 1), times(1)),
        refusal: tooMany(message),
      },
    ],
  }
}

/** How fast requests may come, by plan. Buckets of so many, filled steadily. */
export const LIMITS_RULES: readonly Rule[] = [
  bucketRule({
    id: 'limits.management.free',
    says: 'Free: two requests a second to the Management API, whatever they ask.',
    sources: [documented('limitsOfFree', '| Management | 2 | 2/second |'), globalText],
    plan: 'free',
    given: withAnn,
    request: readUser,
    burst: 2,
    refill: SECOND / 2,
    message: GLOBAL,
  }),
  bucketRule({
    id: 'limits.management.enterprise',
    says: 'Enterprise, production: 16 requests a second to the Management API, 50 in a burst.',
    sources: [documented('limitsOfEnterprise', '| Production | 50 | 16/second |'), globalText],
    plan: 'enterprise',
    given: withAnn,
    request: readUser,
    burst: 50,
    refill: 63,
    message: GLOBAL,
  }),
  bucketRule({
    id: 'limits.management.enterprise-nonproduction',
    says: 'Enterprise, any other tenant: two requests a second to the Management API, ten in a burst.',
    sources: [documented('limitsOfEnterprise', '| Non-production | 10 | 2/second |'), globalText],
    plan: 'enterprise-nonproduction',
    given: withAnn,
    request: readUser,
    burst: 10,
    refill: SECOND / 2,
    message: GLOBAL,
  }),
  bucketRule({
    id: 'limits.users-read',
    says: 'Essentials and Professional: 500 reads of users a minute, 40 in a burst.',
    sources: [
      documented(
        'limitsOfEssentials',
        '| [Read Users](https://auth0.com/docs/api/management/v2/users/get-users) | `GET` | 40 | 500/minute | Any request |',
      ),
      documented('limits', MINUTELY),
      endpointText,
    ],
    plan: 'essentials',
    given: withAnn,
    request: readUser,
    burst: 40,
    refill: SECOND,
    message: TOO_MANY,
  }),
  bucketRule({
    id: 'limits.users-write',
    says: 'Essentials and Professional: 200 creations and changes of users a minute, 20 in a burst.',
    sources: [
      documented(
        'limitsOfEssentials',
        '| [Write Users](https://auth0.com/docs/api/management/v2/users/post-users) | `POST`, `PATCH` | 20 | 200/minute | Any request |',
      ),
      endpointText,
    ],
    plan: 'professional',
    given: withAnn,
    request: changeUser,
    burst: 20,
    refill: SECOND,
    message: TOO_MANY,
  }),
  bucketRule({
    id: 'limits.users-delete',
    says: 'Essentials and Professional: 200 deletions of users a minute, 20 in a burst, beside the changes.',
    sources: [
      documented(
        'limitsOfEssentials',
        '| [Write Users](https://auth0.com/docs/api/management/v2/users/delete-users-by-id) | `DELETE` | 20 | 200/minute | Any request |',
      ),
      endpointText,
    ],
    plan: 'essentials',
    request: deleteUser,
    burst: 20,
    refill: SECOND,
    message: TOO_MANY,
  }),
  bucketRule({
    id: 'limits.connections-read',
    says: 'Essentials and Professional: 50 reads of connections a minute, five in a burst.',
    sources: [
      documented(
        'limitsOfEssentials',
        '| [Read Connections](https://auth0.com/docs/api/management/v2/connections/get-connections) | `GET` | 5 | 50/minute | Any request |',
      ),
      endpointText,
    ],
    plan: 'essentials',
    request: readConnections,
    burst: 5,
    refill: 2 * SECOND,
    message: TOO_MANY,
  }),
  bucketRule({
    id: 'limits.everything-else',
    says: 'Essentials and Professional: 150 a minute of all other requests together, jobs among them, ten in a burst.',
    sources: [
      documented('limitsOfEssentials', '| All other Endpoints Combined | N/A | 10 | 150/minute | Any request |'),
      endpointText,
    ],
    plan: 'professional',
    before: { kind: 'import', rows: [ANN] },
    request: readJob,
    // The import before it has taken one, which is long back.
    burst: 10,
    refill: SECOND,
    message: TOO_MANY,
  }),
  bucketRule({
    id: 'limits.token.free',
    says: 'Free: 30 tokens a second.',
    sources: [
      documented('limitsOfFree', '| Get Token | POST | `/oauth/token` | 30 | 30 per/sec | Any request |'),
      accessDenied,
    ],
    plan: 'free',
    request: getToken,
    burst: 30,
    refill: 34,
    message: GLOBAL,
  }),
  bucketRule({
    id: 'limits.authentication.essentials',
    says: 'Essentials and Professional: 25 requests a second to the Authentication API.',
    sources: [documented('limitsOfEssentials', '| Authentication API | 25 | 25/second |'), accessDenied],
    plan: 'professional',
    request: getToken,
    burst: 25,
    refill: 40,
    message: GLOBAL,
  }),
  bucketRule({
    id: 'limits.authentication.enterprise',
    says: 'Enterprise: 100 requests a second to the Authentication API.',
    sources: [
      documented('limitsOfEnterprise', '| Production | 100/second | 100/second |'),
      documented('limitsOfEnterprise', '| Non-production | 100/second | 100/second |'),
      accessDenied,
    ],
    plan: 'enterprise',
    request: getToken,
    burst: 100,
    refill: 10,
    message: GLOBAL,
  }),
  {
    id: 'limits.authentication.free',
    says: 'Free: 300 requests a minute to the Authentication API.',
    sources: [documented('limitsOfFree', '| Authentication API | 300 | 300/minute |'), accessDenied],
    keeps: {
      given: { plan: 'free' },
      steps: [
        { kind: 'burst', request: getToken, times: 30 },
        waiting(MINUTE),
        { kind: 'burst', request: getToken, times: 30 },
      ],
    },
    breaks: [
      {
        // 330 in ten seconds, in which 50 come back; then there are 25.
        wrong: '30 a second, until more have come than come back',
        given: { plan: 'free' },
        steps: [
          { kind: 'burst', request: getToken, times: 30 },
          ...Array.from({ length: 10 }, (): readonly Step[] => [
            waiting(SECOND),
            { kind: 'burst', request: getToken, times: 30 },
          ]).flat(),
          waiting(SECOND),
          { kind: 'burst', request: getToken, times: 26 },
        ],
        refusal: tooMany(GLOBAL),
      },
    ],
  },
  bucketRule({
    id: 'limits.scim.free',
    says: 'Free: five requests a second to inbound SCIM.',
    sources: [
      documented(
        'limitsOfFree',
        '| Single SCIM connection endpoint | `/scim/v2/connections/{connection-id}` | Any request | 5 requests per second |',
      ),
    ],
    plan: 'free',
    given: withScim,
    request: readScim,
    burst: 5,
    refill: SECOND / 5,
    message: 'Too many requests',
  }),
  bucketRule({
    id: 'limits.scim',
    says: 'Every other plan: 25 requests a second to the SCIM of one connection, 100 to that of all.',
    sources: [
      documented(
        'limitsOfEnterprise',
        '| Single SCIM connection endpoint | `/scim/v2/connections/{connection-id}` | Any request | 25 requests per second |',
      ),
      documented(
        'limitsOfEnterprise',
        '| Global tenant limit for all SCIM connections | `/scim/v2/connections/*` | Any request | 100 requests per second |',
      ),
    ],
    plan: 'enterprise',
    given: withScim,
    request: readScim,
    burst: 25,
    refill: 40,
    message: 'Too many requests',
  }),
]
