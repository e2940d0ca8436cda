import { ANN, HOUR, importing, NOBODY, reading, SECOND, waiting } from './examples.ts'
import { documented, inferred, seenByOthers, specified } from './published.ts'
import type { Rule } from './rule.ts'

const ERRORS = '/api/v2/jobs/{job}/errors'
const GET_ERRORS = 'GET /jobs/{id}/errors'
const readErrors = { method: 'GET', path: ERRORS } as const

/** What is said of the rows that a job refused. */
export const JOB_ERRORS_RULES: readonly Rule[] = [
  {
    id: 'job-errors.none',
    says: 'A job without errors answers with nothing, 204.',
    sources: [specified(GET_ERRORS, '"responses": {"200", "204", "400", "401", "403", "404", "429"}')],
    keeps: { steps: [importing(ANN), reading(ERRORS)] },
    breaks: [
      {
        wrong: 'no list that is empty',
        steps: [importing(ANN)],
        refusal: { kind: 'shows', request: readErrors, status: 204 },
      },
    ],
  },
  {
    id: 'job-errors.rows',
    says: 'Of every row that was refused: the row, and each error with a code and a message.',
    sources: [
      documented(
        'imports',
        'Each error object in the response includes an error code and a message explaining the error in more detail.',
      ),
      specified(GET_ERRORS, 'GetJobErrorResponseContent: {"user", "errors": [{"code", "message", "path"}]}'),
    ],
    keeps: { steps: [importing(ANN), reading(ERRORS)] },
    breaks: [
      {
        wrong: 'the second row of two',
        steps: [importing(ANN, NOBODY)],
        refusal: { kind: 'shows', request: readErrors, status: 200, contains: { 0: { user: { username: 'nobody' } } } },
      },
    ],
  },
  {
    id: 'job-errors.echo',
    says: 'The row comes back with what it held. That hashes are left out of it was documented once; today nobody promises it, and never was it said of the salt.',
    sources: [
      inferred(documented('olderImports', 'Sensitive fields such as `hash.value` will be redacted in the response.')),
    ],
    keeps: { steps: [importing(ANN), reading(ERRORS)] },
    breaks: [
      {
        wrong: 'a salt in a row that is refused',
        steps: [
          importing({
            ...NOBODY,
            custom_password_hash: {
              algorithm: 'bcrypt',
              hash: { value: '$2b$04$abcdefghijklmnopqrstuu5Lx3TBmEeTqSs6Vbq9gF/uS2Pnh6AZi', encoding: 'utf8' },
              salt: { value: 'pepper', encoding: 'utf8', position: 'suffix' },
            },
          }),
        ],
        refusal: {
          kind: 'shows',
          request: readErrors,
          status: 200,
          contains: { 0: { user: { custom_password_hash: { salt: { value: 'pepper' } } } } },
        },
      },
    ],
  },
  {
    id: 'job-errors.failed-job',
    says: 'Of a job that failed as a whole the job itself is answered, with `status_details`.',
    sources: [
      specified(
        GET_ERRORS,
        'GetJobGenericErrorResponseContent: "required": ["id", "type", "status"], "status_details"',
      ),
      seenByOthers(
        'Cannot use JobsClient to start a bulk user import job (auth0.net#443)',
        'https://github.com/auth0/auth0.net/issues/443',
        'the job has failed, and there is no summary object or error message available in the response',
      ),
    ],
    keeps: { steps: [importing(ANN), reading(ERRORS)] },
    breaks: [
      {
        wrong: 'a file that is no JSON',
        steps: [{ kind: 'import', file: '[{' }],
        refusal: {
          kind: 'shows',
          request: readErrors,
          status: 200,
          contains: { type: 'users_import', status: 'failed' },
        },
      },
    ],
  },
  {
    id: 'job-errors.scope',
    says: 'Who may create users, or read them, may read the errors of a job.',
    sources: [specified(GET_ERRORS, '"security": [{"oAuth2ClientCredentials": ["create:users", "read:users"]}]')],
    keeps: { steps: [importing(ANN), reading(ERRORS, ['create:users'])] },
    breaks: [
      {
        wrong: 'a token that may change users',
        steps: [importing(ANN), reading(ERRORS, ['update:users'])],
        refusal: { kind: 'answer', status: 403, errorCode: 'insufficient_scope' },
      },
    ],
  },
  {
    id: 'job-errors.unknown',
    says: 'A job that is not there has no errors either.',
    sources: [specified(GET_ERRORS, '"responses": {"200", "204", "400", "401", "403", "404", "429"}')],
    keeps: { steps: [importing(ANN), reading(ERRORS)] },
    breaks: [
      {
        wrong: 'a job of nobody',
        steps: [reading('/api/v2/jobs/job_NobodyHasThisId0/errors')],
        refusal: { kind: 'answer', status: 404, error: 'Not Found' },
      },
    ],
  },
  {
    id: 'job-errors.a-day',
    says: 'Errors are there for 24 hours.',
    sources: [documented('imports', 'All job-related data is automatically deleted after 24 hours.')],
    keeps: { steps: [importing(NOBODY, ANN), waiting(23 * HOUR), reading(ERRORS)] },
    breaks: [
      {
        wrong: 'the errors, a day later',
        steps: [importing(NOBODY), waiting(24 * HOUR + SECOND), reading(ERRORS)],
        refusal: { kind: 'answer', status: 404 },
      },
    ],
  },
]
