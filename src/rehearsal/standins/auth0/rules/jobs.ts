import { ANN, BEA, HOUR, importing, importParts, NOBODY, reading, starting, waiting } from './examples.ts'
import { article, documented, specified } from './published.ts'
import type { Rule } from './rule.ts'

const JOB = '/api/v2/jobs/{job}'
const readJob = { method: 'GET', path: JOB } as const

const TWO_AT_ONCE = {
  kind: 'answer',
  status: 429,
  error: 'Too Many Requests',
  message: 'There are 2 active import users jobs, please wait until some of them are finished and try again',
} as const

/** What becomes of the rows of a job. */
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
]
