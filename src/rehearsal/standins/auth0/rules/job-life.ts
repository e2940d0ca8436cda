import { ANN, BEA, HOUR, importing, reading, SECOND, waiting } from './examples.ts'
import { documented, inferred, specified } from './published.ts'
import type { Rule } from './rule.ts'

const JOB = '/api/v2/jobs/{job}'
const GET_JOB = 'GET /jobs/{id}'

/** Who may read a job, and how long it is there. */
export const JOB_LIFE_RULES: readonly Rule[] = [
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
