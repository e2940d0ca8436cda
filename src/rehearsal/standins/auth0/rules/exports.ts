import { ANN, BEA, HOUR, importing, MINUTE, reading, SECOND, waiting } from './examples.ts'
import { exporting, NAMES } from './exporting.ts'
import { article, documented, inferred, specified } from './published.ts'
import type { ApiRequest, Refusal, Rule, Step } from './rule.ts'

const EXPORT = 'POST /jobs/users-exports'

const download: ApiRequest = { method: 'GET', path: '{location}', as: 'nobody' }

const read: readonly Step[] = [waiting(MINUTE), reading('/api/v2/jobs/{job}')]

const SIX = ['ann', 'bea', 'cid', 'dan', 'eve', 'fay'].map((username) => ({
  username,
  email: `${username}@example.org`,
  email_verified: true,
}))

/** The lines of the file. */
const holding = (contains: Readonly<Record<number, unknown>>): Refusal => ({
  kind: 'shows',
  request: download,
  status: 200,
  contains,
})

/** Who may export users, and what an export gives. */
export const EXPORTS_RULES: readonly Rule[] = [
  {
    id: 'exports.scope',
    says: 'The token has the scope `read:users`.',
    sources: [specified(EXPORT, '"security": [{"oAuth2ClientCredentials": ["read:users"]}]')],
    keeps: { steps: [exporting(NAMES, ['read:users'])] },
    breaks: [
      {
        wrong: 'a token that may create users',
        steps: [exporting(NAMES, ['create:users'])],
        refusal: {
          kind: 'answer',
          status: 403,
          errorCode: 'insufficient_scope',
          message: 'Insufficient scope, expected any of: read:users',
        },
      },
    ],
  },
  {
    id: 'exports.connection.known',
    says: 'The connection is there.',
    sources: [
      inferred(
        documented(
          'exports',
          'If you omit the `connection_id`, the endpoint exports data for users from all connections on the tenant.',
        ),
      ),
    ],
    keeps: { steps: [exporting(NAMES)] },
    breaks: [
      {
        wrong: 'a connection that is not there',
        steps: [exporting({ ...NAMES, connection_id: 'con_NobodyHasThisId0' })],
        refusal: { kind: 'answer', status: 400, errorCode: 'inexistent_connection' },
      },
    ],
  },
  {
    id: 'exports.later',
    says: 'An export is a job; where its file is, is said when it has completed.',
    sources: [
      documented(
        'exports',
        'You can access your export files using the URL provided as the value for the `location` parameter.',
      ),
    ],
    keeps: {
      steps: [
        importing(ANN),
        exporting(NAMES),
        waiting(MINUTE),
        reading('/api/v2/jobs/{job}'),
        { kind: 'request', request: download },
      ],
    },
    breaks: [
      {
        wrong: 'read at once',
        steps: [exporting(NAMES)],
        refusal: {
          kind: 'shows',
          request: { method: 'GET', path: '/api/v2/jobs/{job}' },
          status: 200,
          contains: { status: 'pending', type: 'users_export' },
        },
      },
    ],
  },
  {
    id: 'exports.limit.default',
    says: "An export for which no limit is sent has everybody. The specification's default is 5, which the older page denies; the canary asks.",
    sources: [
      inferred(
        documented(
          'olderExports',
          'Maximum number of user records to be exported (optional, will export all records if omitted)',
        ),
      ),
      inferred(specified(EXPORT, '"limit": {"default": 5, "minimum": 1, "type": "integer"}')),
    ],
    keeps: { steps: [importing(...SIX), exporting(NAMES), ...read, { kind: 'request', request: download }] },
    breaks: [
      {
        wrong: 'a limit of 5 where there are six: the sixth is lacking',
        steps: [importing(...SIX), exporting({ ...NAMES, limit: 5 }), ...read],
        refusal: holding({ 4: {}, 5: undefined }),
      },
    ],
  },
  {
    id: 'exports.consistent',
    says: 'An export has whoever was made before it was asked for. Nobody says so: searches read a second store, which is behind; the canary asks.',
    sources: [
      inferred(
        article(
          'Users Created Through Import Users API not Searchable after Job Completes',
          'https://community.auth0.com/t/users-created-through-import-users-api-not-searchable-after-job-completes/134558',
          'The user search API uses this secondary storage.',
        ),
      ),
    ],
    keeps: { steps: [importing(ANN), exporting(NAMES), ...read, { kind: 'request', request: download }] },
    breaks: [
      {
        wrong: 'somebody who was made after it',
        steps: [importing(ANN), exporting(NAMES), ...read, importing(BEA)],
        refusal: holding({ 0: { email: ANN.email }, 1: undefined }),
      },
    ],
  },
  {
    id: 'exports.location',
    says: 'Where the file is, is good for 60 seconds; reading the job again gives another address.',
    sources: [
      documented(
        'exports',
        'The download link is valid for 60 seconds. If this time period expires, you have 24 hours to call it again before the job expires.',
      ),
    ],
    keeps: {
      steps: [
        exporting(NAMES),
        waiting(MINUTE),
        reading('/api/v2/jobs/{job}'),
        waiting(61 * SECOND),
        reading('/api/v2/jobs/{job}'),
        { kind: 'request', request: download },
      ],
    },
    breaks: [
      {
        wrong: '61 seconds later',
        steps: [
          exporting(NAMES),
          waiting(MINUTE),
          reading('/api/v2/jobs/{job}'),
          waiting(61 * SECOND),
          { kind: 'request', request: download },
        ],
        refusal: { kind: 'answer', status: 403 },
      },
    ],
  },
  {
    id: 'exports.a-day',
    says: 'An export is there for 24 hours.',
    sources: [documented('exports', 'All job-related data is automatically deleted after 24 hours.')],
    keeps: { steps: [exporting(NAMES), waiting(23 * HOUR), reading('/api/v2/jobs/{job}')] },
    breaks: [
      {
        wrong: 'the job, a day later',
        steps: [exporting(NAMES), waiting(24 * HOUR + MINUTE), reading('/api/v2/jobs/{job}')],
        refusal: { kind: 'answer', status: 404 },
      },
    ],
  },
]
