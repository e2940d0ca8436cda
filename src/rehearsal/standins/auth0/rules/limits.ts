import { bucketRule, GLOBAL, tooMany } from './bucket-rule.ts'
import { ENDPOINT_LIMITS_RULES, MINUTELY, TOO_MANY } from './endpoint-limits.ts'
import { ANN, SECOND, waiting } from './examples.ts'
import { article, documented, seenByOthers } from './published.ts'
import type { ApiRequest, Given, Rule } from './rule.ts'

const globalText = seenByOthers(
  "error: 'Too Many Requests' (auth0-reset-tenant#31)",
  'https://github.com/auth0-extensions/auth0-reset-tenant/issues/31',
  "status=429, body={ statusCode: 429, error: 'Too Many Requests', message: 'Global limit has been reached', errorCode: 'too_many_requests' }",
)

const readUser: ApiRequest = { method: 'GET', path: '/api/v2/users/{user}' }
const changeUser: ApiRequest = { method: 'PATCH', path: '/api/v2/users/{user}', json: { given_name: 'Anna' } }

const withAnn: Given = { users: [ANN] }

/** How fast requests to the Management API may come, by plan. Buckets of so many, filled steadily. */
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
  ...ENDPOINT_LIMITS_RULES,
  {
    id: 'limits.headers',
    says: 'An answer says how many requests fit, how many are left, and when the next comes back: whoever waits until then is let in.',
    sources: [
      documented(
        'limitUses',
        '* `x-ratelimit-reset`: [UNIX timestamp](https://en.wikipedia.org/wiki/Unix_time), in seconds, of the expected time when additional requests will be added to the bucket.',
      ),
      article(
        'How to tell if you are approaching the Rate-Limit',
        'https://community.auth0.com/t/how-to-tell-if-you-are-approaching-the-rate-limit/82103',
        'x-ratelimit-remaining: The number of remaining requests in the current time frame.',
      ),
    ],
    keeps: {
      given: { ...withAnn, plan: 'free' },
      steps: [
        { kind: 'burst', request: readUser, times: 2 },
        waiting(SECOND),
        { kind: 'burst', request: readUser, times: 2 },
      ],
    },
    breaks: [
      {
        wrong: 'asked again though none was left',
        given: { ...withAnn, plan: 'free' },
        steps: [
          { kind: 'burst', request: readUser, times: 2 },
          { kind: 'request', request: readUser },
        ],
        refusal: tooMany(GLOBAL),
      },
    ],
  },
  {
    id: 'limits.refill',
    says: 'Requests come back steadily; another page has them come back all at once, at the end of each second or minute, and then no burst could be smaller than the limit of a minute.',
    sources: [
      documented(
        'limits',
        'If the sustained rate limit is calculated in Requests per Second, new requests are added by milliseconds.',
      ),
      documented('limits', MINUTELY),
      documented('limitUses', 'The bucket of 10 tokens is refilled every second, using a “fixed window.”'),
    ],
    keeps: {
      given: { ...withAnn, plan: 'professional' },
      steps: [
        { kind: 'burst', request: changeUser, times: 20 },
        waiting(3 * SECOND),
        { kind: 'burst', request: changeUser, times: 10 },
      ],
    },
    breaks: [
      {
        wrong: 'a whole burst again, three seconds after the first',
        given: { ...withAnn, plan: 'professional' },
        steps: [
          { kind: 'burst', request: changeUser, times: 20 },
          waiting(3 * SECOND),
          { kind: 'burst', request: changeUser, times: 11 },
        ],
        refusal: tooMany(TOO_MANY),
      },
    ],
  },
]
