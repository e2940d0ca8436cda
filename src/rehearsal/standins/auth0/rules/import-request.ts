import { ANN, importing, reading } from './examples.ts'
import { article, documented, inferred, seenByOthers, specified } from './published.ts'
import type { Rule, Step } from './rule.ts'

const IMPORT = 'POST /jobs/users-imports'
const PATH = '/api/v2/jobs/users-imports'

const sending = (fields: Readonly<Record<string, string | null>>): Step => ({ kind: 'import', rows: [ANN], fields })

const NO_ID = {
  kind: 'answer',
  status: 400,
  errorCode: 'invalid_body',
  message: 'String does not match pattern ^con_[A-Za-z0-9]{16}$',
} as const

const changed = { ...ANN, given_name: 'Anna' }
const before = { ...ANN, given_name: 'Ann' }

/** A file of one row, so long by white space. */
const fileOf = (bytes: number): Step => {
  const row = JSON.stringify(ANN)
  return { kind: 'import', file: `[${row}${' '.repeat(bytes - row.length - 2)}]` }
}

/** What a request for an import is held to before there is a job. */
export const IMPORT_REQUEST_RULES: readonly Rule[] = [
  {
    id: 'import-request.multipart',
    says: 'The request is a multipart form.',
    sources: [
      documented('olderImports', 'make a `POST` request encoded as type `multipart/form-data`'),
      specified(IMPORT, '"requestBody": {"content": {"multipart/form-data"'),
    ],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'the same as JSON',
        steps: [{ kind: 'request', request: { method: 'POST', path: PATH, json: { users: [ANN] } } }],
        refusal: { kind: 'answer', status: 400 },
      },
    ],
  },
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
    id: 'import-request.connection_id.required',
    says: 'The form has a part `connection_id`.',
    sources: [specified(IMPORT, '"required": ["users", "connection_id"]')],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'no connection',
        steps: [sending({ connection_id: null })],
        refusal: {
          kind: 'answer',
          status: 400,
          errorCode: 'invalid_body',
          message: 'Missing required property: connection_id',
        },
      },
    ],
  },
  {
    id: 'import-request.connection_id.pattern',
    says: 'A connection is named by its id, `con_` and 16 letters or digits, not by its name.',
    sources: [
      specified(IMPORT, '"pattern": "^con_[A-Za-z0-9]{16}$"'),
      seenByOthers(
        'bulk user imports (auth0/docs#1327)',
        'https://github.com/auth0/docs/issues/1327',
        "Payload validation error: 'String does not match pattern ^con_[A-Za-z0-9]{16}$' on property connection_id",
      ),
    ],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: "a connection's name",
        steps: [sending({ connection_id: 'Username-Password-Authentication' })],
        refusal: NO_ID,
      },
      { wrong: '17 letters', steps: [sending({ connection_id: 'con_00000000000000001' })], refusal: NO_ID },
    ],
  },
  {
    id: 'import-request.connection_id.known',
    says: 'The connection is there.',
    sources: [
      inferred(
        documented(
          'imports',
          'You must have a [database connection](/docs/authenticate/database-connections) to import the user data into',
        ),
      ),
    ],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'a connection that is not there',
        steps: [sending({ connection_id: 'con_NobodyHasThisId0' })],
        refusal: { kind: 'answer', status: 400, errorCode: 'inexistent_connection' },
      },
    ],
  },
  {
    id: 'import-request.connection_id.database',
    says: 'The connection is a database connection.',
    sources: [
      documented(
        'imports',
        'You must have a [database connection](/docs/authenticate/database-connections) to import the user data into',
      ),
      seenByOthers(
        'Import users into a passwordless connection (node-auth0#246)',
        'https://github.com/auth0/node-auth0/issues/246',
        'Connection must be a database connection',
      ),
    ],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'an enterprise connection',
        given: { enterprise: { strategy: 'oidc', scim: false } },
        steps: [sending({ connection_id: '{enterprise}' })],
        refusal: {
          kind: 'answer',
          status: 400,
          errorCode: 'operation_not_supported',
          message: 'Connection must be a database connection',
        },
      },
    ],
  },
  {
    id: 'import-request.connection_id.enabled',
    says: 'The connection is enabled for at least one application; else nothing is imported.',
    sources: [
      documented('olderImports', 'to import the users into and enable it for at least one application.'),
      article(
        'Prerequisites for Bulk Users Import',
        'https://community.auth0.com/t/prerequisites-for-bulk-users-import/140781',
        'Configure a database connection to import the users into and enable it for at least one application.',
      ),
      seenByOthers(
        'Patch import users (auth0/docs#3685)',
        'https://github.com/auth0/docs/pull/3685',
        'the connection must be enabled for at least one client for the import job to work properly',
      ),
    ],
    keeps: { given: { connection: { enabled: true } }, steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'a connection that no application uses',
        given: { connection: { enabled: false } },
        steps: [importing(ANN)],
        refusal: { kind: 'job', status: 'failed' },
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
  {
    id: 'import-request.size',
    says: 'The body of the request, form and all, has at most 512,000 bytes; of the file 500 KB are promised.',
    sources: [
      documented('imports', 'The file size limit for a bulk import is 500KB.'),
      article(
        'Bulk Import - Payload Limit',
        'https://community.auth0.com/t/bulk-import-payload-limit/135293',
        'The 500kB limit is a hard limit and cannot be increased.',
      ),
      seenByOthers(
        'Migrating users from one Auth0 tenant to another in Python, handling large payloads',
        'https://medium.com/7code/migrating-users-from-one-auth0-tenant-to-another-in-python-handling-large-payloads-dab1d025a287',
        'Payload content length greater than maximum allowed: 512000',
      ),
    ],
    keeps: { steps: [fileOf(500_000)] },
    breaks: [
      {
        wrong: 'a file of 512,000 bytes, and its form around it',
        steps: [fileOf(512_000)],
        refusal: {
          kind: 'answer',
          status: 413,
          error: 'Request Entity Too Large',
          message: 'Payload content length greater than maximum allowed: 512000',
        },
      },
    ],
  },
  {
    id: 'import-request.scope',
    says: 'The token has the scope `create:users`.',
    sources: [
      specified(IMPORT, '"security": [{"oAuth2ClientCredentials": ["create:users"]}]'),
      seenByOthers(
        'Users.CreateAsync generates exception (auth0.net#223)',
        'https://github.com/auth0/auth0.net/issues/223',
        'Insufficient scope, expected any of: create:users',
      ),
    ],
    keeps: { steps: [{ kind: 'import', rows: [ANN], scopes: ['create:users'] }] },
    breaks: [
      {
        wrong: 'a token that may read and change users',
        steps: [{ kind: 'import', rows: [ANN], scopes: ['read:users', 'update:users'] }],
        refusal: {
          kind: 'answer',
          status: 403,
          error: 'Forbidden',
          errorCode: 'insufficient_scope',
          message: 'Insufficient scope, expected any of: create:users',
        },
      },
    ],
  },
  {
    id: 'import-request.file.json',
    says: 'The file is JSON; what is none fails the job, not the request.',
    sources: [
      documented(
        'imports',
        'Jobs fail if there is an error, but not if there is invalid user information (like an invalid email).',
      ),
      documented('olderImports', 'that it failed to parse the users JSON file when importing users'),
    ],
    keeps: { steps: [{ kind: 'import', file: JSON.stringify([ANN]) }] },
    breaks: [
      {
        wrong: 'a file that ends in the middle',
        steps: [{ kind: 'import', file: JSON.stringify([ANN]).slice(0, -5) }],
        refusal: { kind: 'job', status: 'failed' },
      },
      {
        wrong: 'one object a line, as exports are',
        steps: [{ kind: 'import', file: `${JSON.stringify(ANN)}\n${JSON.stringify(ANN)}\n` }],
        refusal: { kind: 'job', status: 'failed' },
      },
    ],
  },
  {
    id: 'import-request.file.array',
    says: 'The JSON is an array of users.',
    sources: [
      {
        title: 'User Data JSON Schema for Bulk User Imports',
        page: 'manage-users/user-migration/bulk-user-import-schema',
        quote: 'It must contain an array of user objects matching the specified schema.',
        grade: 'documented',
      },
    ],
    keeps: { steps: [{ kind: 'import', file: JSON.stringify([ANN]) }] },
    breaks: [
      {
        wrong: 'one user, in no array',
        steps: [{ kind: 'import', file: JSON.stringify(ANN) }],
        refusal: { kind: 'job', status: 'failed' },
      },
    ],
  },
]
