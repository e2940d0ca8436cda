import { bucketRule, GLOBAL, tooMany } from './bucket-rule.ts'
import { MINUTE, SECOND, waiting } from './examples.ts'
import { documented, seenByOthers } from './published.ts'
import type { ApiRequest, Given, Rule, Step } from './rule.ts'

const accessDenied = seenByOthers(
  'Global limit has been reached',
  'https://community.auth0.com/t/global-limit-has-been-reached/77440',
  "body: {error: 'access_denied', error_description: 'Global limit has been reached'}",
)

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

const withScim: Given = { enterprise: { strategy: 'oidc', scim: true } }

/** How fast requests for tokens, and to inbound SCIM, may come. */
export const OTHER_LIMITS_RULES: readonly Rule[] = [
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
