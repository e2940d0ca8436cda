import { ANN, BEA, HOUR, importing, importParts, NOBODY, reading, SECOND, starting, waiting } from './examples.ts'
import { article, documented, inferred, specified } from './published.ts'
import type { Rule } from './rule.ts'

const JOB = '/api/v2/jobs/{job}'
const GET_JOB = 'GET /jobs/{id}'
const readJob = { method: 'GET', path: JOB } as const

const TWO_AT_ONCE = {
  kind: 'answer',
  status: 429,
  error: 'Too Many Requests',
  message: 'There are 2 active import users jobs, please wait until some of them are finished and try again',
} as const

/** What becomes of a job. */
export const JOBS_RULES: readonly Rule[] = [
  {
    id: 'jobs.two-at-once',
    says: 'Two import jobs of a tenant run at once; a third is refused, with other words than by a limit of requests.',
    sources: [
      documented('imports', 'There is a limit of two concurrent import jobs per tenant.'),
      documented(
        'olderImports',
        'Requesting additional jobs while there are two pending returns a `429 Too Many Requests` response',
      ),
      article(
        'Prerequisites for Bulk Users Import',
        'https://community.auth0.com/t/prerequisites-for-bulk-users-import/140781',
        'The Create Import Users Job endpoint can only process two concurrent import jobs.',
      ),
    ],
    keeps: { steps: [starting(ANN), starting(BEA)] },
    breaks: [
      {
        wrong: 'a third while two are pending',
        steps: [
          {
            kind: 'burst',
            request: { method: 'POST', path: '/api/v2/jobs/users-imports', multipart: importParts(ANN) },
            times: 3,
          },
        ],
        refusal: TWO_AT_ONCE,
      },
      {
        wrong: 'a third while one of two is still at work',
        given: { rowsAnHour: 1 },
        steps: [starting(ANN), starting(BEA), waiting(HOUR / 2), starting(ANN)],
        refusal: TWO_AT_ONCE,
      },
    ],
  },
  {
    id: 'jobs.later',
    says: 'A job is answered at once as pending; what it did is known when it has ended.',
    sources: [
      documented('imports', 'The `status` of the returned job can be `pending`, `completed`, or `failed`.'),
      specified(
        'POST /jobs/users-imports',
        '"required": ["id", "type", "status", "connection", "connection_id", "created_at"]',
      ),
    ],
    keeps: { steps: [importing(ANN), reading('/api/v2/users-by-email?email=ann%40example.org')] },
    breaks: [
      {
        wrong: 'read at once',
        steps: [starting(ANN)],
        refusal: {
          kind: 'shows',
          request: readJob,
          status: 200,
          contains: { status: 'pending', type: 'users_import' },
        },
      },
    ],
  },
  {
    id: 'jobs.processing',
    says: 'While it works, a job says how much of it is done.',
    sources: [documented('olderImports', '"status": "processing"')],
    keeps: { steps: [importing(ANN), reading(JOB)] },
    breaks: [
      {
        wrong: 'read in the middle',
        given: { rowsAnHour: 1 },
        steps: [starting(ANN), waiting(HOUR / 2)],
        refusal: {
          kind: 'shows',
          request: readJob,
          status: 200,
          contains: { status: 'processing', percentage_done: 50 },
        },
      },
    ],
  },
  {
    id: 'jobs.summary',
    says: 'A completed job counts who was inserted, updated, refused, and all.',
    sources: [
      documented(
        'imports',
        "If the job completed, the response's `summary` object includes totals of successful, failed, inserted, and updated records.",
      ),
    ],
    keeps: { steps: [importing(ANN), reading(JOB)] },
    breaks: [
      {
        wrong: 'one of two rows is refused',
        steps: [importing(ANN, NOBODY)],
        refusal: {
          kind: 'shows',
          request: readJob,
          status: 200,
          contains: { summary: { total: 2, inserted: 1, updated: 0, failed: 1 } },
        },
      },
    ],
  },
  {
    id: 'jobs.bad-user',
    says: 'A row that is refused does not fail the job; the others are imported.',
    sources: [
      documented(
        'imports',
        'Jobs fail if there is an error, but not if there is invalid user information (like an invalid email).',
      ),
    ],
    keeps: { steps: [importing(ANN, BEA)] },
    breaks: [
      {
        wrong: 'every row is refused',
        steps: [importing(NOBODY)],
        refusal: { kind: 'shows', request: readJob, status: 200, contains: { status: 'completed' } },
      },
    ],
  },
  {
    id: 'jobs.twice-in-a-file',
    says: 'The second of two rows of the same user is refused; it updates nothing.',
    sources: [
      documented(
        'imports',
        'Duplicated user entries in the import file cause an error. They do not cause an import followed by an upsert.',
      ),
    ],
    keeps: { steps: [importing(ANN, BEA)] },
    breaks: [
      {
        wrong: 'the same row twice, even with upsert',
        steps: [{ kind: 'import', rows: [ANN, ANN], fields: { upsert: 'true' } }],
        refusal: {
          kind: 'shows',
          request: readJob,
          status: 200,
          contains: { status: 'completed', summary: { total: 2, inserted: 1, updated: 0, failed: 1 } },
        },
      },
    ],
  },
  {
    id: 'jobs.id',
    says: 'A job is named by its id, `job_` and 16 letters or digits.',
    sources: [specified(GET_JOB, '"pattern": "^job_[A-Za-z0-9]{16}$"')],
    keeps: { steps: [importing(ANN), reading(JOB)] },
    breaks: [
      {
        wrong: 'another name',
        steps: [reading('/api/v2/jobs/1')],
        refusal: { kind: 'answer', status: 400, errorCode: 'invalid_uri' },
      },
    ],
  },
  {
    id: 'jobs.unknown',
    says: 'A job that is not there is not found.',
    sources: [specified(GET_JOB, '"responses": {"200", "400", "401", "403", "404", "429"}')],
    keeps: { steps: [importing(ANN), reading(JOB)] },
    breaks: [
      {
        wrong: 'a job of nobody',
        steps: [reading('/api/v2/jobs/job_NobodyHasThisId0')],
        refusal: { kind: 'answer', status: 404, error: 'Not Found' },
      },
    ],
  },
  {
    id: 'jobs.scope',
    says: 'Who may create users, or read them, may read a job.',
    sources: [specified(GET_JOB, '"security": [{"oAuth2ClientCredentials": ["create:users", "read:users"]}]')],
    keeps: { steps: [importing(ANN), reading(JOB, ['read:users'])] },
    breaks: [
      {
        wrong: 'a token that may delete users',
        steps: [importing(ANN), reading(JOB, ['delete:users'])],
        refusal: {
          kind: 'answer',
          status: 403,
          errorCode: 'insufficient_scope',
          message: 'Insufficient scope, expected any of: create:users,read:users',
        },
      },
    ],
  },
  {
    id: 'jobs.two-hours',
    says: 'A job that has not ended after two hours fails; what it imported until then stays.',
    sources: [
      documented(
        'imports',
        'User import jobs time out after two (2) hours. If a job does not complete within this time frame, it is marked as failed.',
      ),
    ],
    keeps: { given: { rowsAnHour: 2 }, steps: [importing(ANN, BEA)] },
    breaks: [
      {
        wrong: 'two rows of which each takes an hour and a half',
        given: { rowsAnHour: 2 / 3 },
        steps: [importing(ANN, BEA)],
        refusal: { kind: 'job', status: 'failed' },
      },
    ],
  },
  {
    id: 'jobs.what-was-done-stays',
    says: 'A job that fails in the middle leaves who was imported before.',
    sources: [
      inferred(documented('imports', 'If a job does not complete within this time frame, it is marked as failed.')),
    ],
    keeps: { steps: [importing(ANN), reading('/api/v2/users-by-email?email=ann%40example.org')] },
    breaks: [
      {
        wrong: 'two rows of which each takes an hour and a half: the first is there',
        given: { rowsAnHour: 2 / 3 },
        steps: [importing(ANN, BEA)],
        refusal: {
          kind: 'shows',
          request: { method: 'GET', path: '/api/v2/users-by-email?email=ann%40example.org' },
          status: 200,
          contains: { 0: { email: 'ann@example.org' } },
        },
      },
    ],
  },
  {
    id: 'jobs.a-day',
    says: 'A job, its counts and its errors are there for 24 hours.',
    sources: [documented('imports', 'All job-related data is automatically deleted after 24 hours.')],
    keeps: { steps: [importing(ANN), waiting(23 * HOUR), reading(JOB)] },
    breaks: [
      {
        wrong: 'the job, a day later',
        steps: [importing(ANN), waiting(24 * HOUR + SECOND), reading(JOB)],
        refusal: { kind: 'answer', status: 404 },
      },
    ],
  },
]
