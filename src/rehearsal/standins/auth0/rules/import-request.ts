import { ANN, importing, reading } from './examples.ts'
import { documented, inferred, specified } from './published.ts'
import type { Rule, Step } from './rule.ts'

const IMPORT = 'POST /jobs/users-imports'

const sending = (fields: Readonly<Record<string, string | null>>): Step => ({ kind: 'import', rows: [ANN], fields })

const changed = { ...ANN, given_name: 'Anna' }
const before = { ...ANN, given_name: 'Ann' }

/** The parts of a request for an import, but for the connection and the file. */
export const IMPORT_REQUEST_RULES: readonly Rule[] = [
  {
    id: 'import-request.users.required',
    says: 'The form has a part `users`, the file.',
    sources: [specified(IMPORT, '"required": ["users", "connection_id"]')],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'no file',
        steps: [sending({ users: null })],
        refusal: {
          kind: 'answer',
          status: 400,
          errorCode: 'invalid_body',
          message: 'Missing required property: users',
        },
      },
    ],
  },
  {
    id: 'import-request.upsert',
    says: 'Only `upsert=true` changes users who are there; it is `false` unless it is said.',
    sources: [
      documented(
        'imports',
        'By default, upserts are disabled. Imports of users that match on email address, user ID, phone, or username fail.',
      ),
      specified(IMPORT, '"upsert": {"default": false, "type": "boolean"}'),
    ],
    keeps: {
      given: { users: [before] },
      steps: [{ kind: 'import', rows: [changed], fields: { upsert: 'true' } }],
    },
    breaks: [
      {
        wrong: 'nothing said of upsert',
        given: { users: [before] },
        steps: [{ kind: 'import', rows: [changed] }],
        refusal: {
          kind: 'shows',
          request: { method: 'GET', path: '/api/v2/users/{user}' },
          status: 200,
          contains: { given_name: 'Ann' },
        },
      },
      {
        wrong: 'neither true nor false',
        steps: [sending({ upsert: 'perhaps' })],
        refusal: { kind: 'answer', status: 400, errorCode: 'invalid_body' },
      },
    ],
  },
  {
    id: 'import-request.external_id',
    says: 'A text of ours comes back with the job; no job is found by it.',
    sources: [
      documented(
        'olderImports',
        'Optional user-defined string that can be used to correlate multiple jobs. Returned as part of the job status response.',
      ),
      inferred(
        specified(
          'GET /jobs/{id}',
          '"paths": {"/jobs/users-exports", "/jobs/users-imports", "/jobs/verification-email", "/jobs/{id}", "/jobs/{id}/errors"}',
        ),
      ),
    ],
    keeps: { steps: [sending({ external_id: 'chunk 1' }), reading('/api/v2/jobs/{job}')] },
    breaks: [
      {
        wrong: 'a list of the jobs of an external_id',
        steps: [sending({ external_id: 'chunk 1' }), reading('/api/v2/jobs?external_id=chunk%201')],
        refusal: { kind: 'answer', status: 404 },
      },
      {
        wrong: 'the same text twice does not make the same job of it',
        steps: [
          { kind: 'import', rows: [ANN], fields: { external_id: 'chunk 1' } },
          { kind: 'import', rows: [ANN], fields: { external_id: 'chunk 1' } },
        ],
        refusal: {
          kind: 'shows',
          request: { method: 'GET', path: '/api/v2/jobs/{job}' },
          status: 200,
          contains: { external_id: 'chunk 1', summary: { inserted: 0, failed: 1, total: 1 } },
        },
      },
    ],
  },
  {
    id: 'import-request.send_completion_email',
    says: 'Every owner of the tenant gets a mail when the job has ended, unless it is said to be `false`.',
    sources: [
      documented(
        'olderImports',
        'If you do *not* want emails sent, you must explicitly set this parameter to `false`.',
      ),
      specified(IMPORT, '"send_completion_email": {"default": true, "type": "boolean"}'),
    ],
    keeps: { steps: [sending({ send_completion_email: 'false' })] },
    breaks: [
      {
        wrong: 'neither true nor false',
        steps: [sending({ send_completion_email: 'no' })],
        refusal: { kind: 'answer', status: 400, errorCode: 'invalid_body' },
      },
    ],
  },
]
