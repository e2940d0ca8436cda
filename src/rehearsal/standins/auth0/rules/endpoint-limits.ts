import { bucketRule } from './bucket-rule.ts'
import { ANN, SECOND } from './examples.ts'
import { documented } from './published.ts'
import type { ApiRequest, Given, Rule, Source } from './rule.ts'

export const TOO_MANY =
  'Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset headers.'
export const MINUTELY =
  'If the sustained rate limit is calculated in Requests per Minute, new requests are added on a second basis.'

const endpointText: Source = {
  title: 'Rate limits (auth0/docs, until 2021)',
  page: 'https://github.com/auth0/docs/blob/master/articles/policies/rate-limits.md',
  quote: TOO_MANY,
  grade: 'documented',
}

const readUser: ApiRequest = { method: 'GET', path: '/api/v2/users/{user}' }
const changeUser: ApiRequest = { method: 'PATCH', path: '/api/v2/users/{user}', json: { given_name: 'Anna' } }
const deleteUser: ApiRequest = { method: 'DELETE', path: '/api/v2/users/auth0%7Cnobody' }
const readJob: ApiRequest = { method: 'GET', path: '/api/v2/jobs/{job}' }
const readConnections: ApiRequest = { method: 'GET', path: '/api/v2/connections' }
const readClient: ApiRequest = { method: 'GET', path: '/api/v2/clients/{client}' }
const readLogs: ApiRequest = { method: 'GET', path: '/api/v2/logs' }
const readOrganizations: ApiRequest = { method: 'GET', path: '/api/v2/users/{user}/organizations' }

const withAnn: Given = { users: [ANN] }

/** How fast requests may come that ask one thing, by plan. */
export const ENDPOINT_LIMITS_RULES: readonly Rule[] = [
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
    id: 'limits.clients-read',
    says: 'Essentials and Professional: 100 reads of applications a minute, five in a burst.',
    sources: [
      documented(
        'limitsOfEssentials',
        '| [Read Clients](https://auth0.com/docs/api/management/v2/clients/get-clients) | `GET` | 5 | 100/minute | Any request |',
      ),
      endpointText,
    ],
    plan: 'essentials',
    request: readClient,
    burst: 5,
    refill: SECOND,
    message: TOO_MANY,
  }),
  bucketRule({
    id: 'limits.logs-read',
    says: 'Essentials and Professional: 100 reads of the log a minute, ten in a burst.',
    sources: [
      documented(
        'limitsOfEssentials',
        '| [Read Logs](https://auth0.com/docs/api/management/v2/logs/get-logs) | `GET` | 10 | 100/minute | Any request |',
      ),
      endpointText,
    ],
    plan: 'professional',
    request: readLogs,
    burst: 10,
    refill: SECOND,
    message: TOO_MANY,
  }),
  bucketRule({
    id: 'limits.organizations-of-users',
    says: "Enterprise: 500 reads of users' organizations a minute, 40 in a burst, within what the whole API is allowed.",
    sources: [
      documented(
        'limitsOfEnterprise',
        "| [Read User's Organizations](/docs/api/management/v2/users/get-user-organizations) | `GET` | 40 | 500/minute | Any request |",
      ),
      endpointText,
    ],
    plan: 'enterprise',
    given: withAnn,
    request: readOrganizations,
    burst: 40,
    refill: SECOND,
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
]
