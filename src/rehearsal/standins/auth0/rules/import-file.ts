import { ANN, importing } from './examples.ts'
import { article, documented, seenByOthers, specified } from './published.ts'
import type { Rule, Step } from './rule.ts'

const IMPORT = 'POST /jobs/users-imports'
const PATH = '/api/v2/jobs/users-imports'

/** A file of one row, so long by white space. */
const fileOf = (bytes: number): Step => {
  const row = JSON.stringify(ANN)
  return { kind: 'import', file: `[${row}${' '.repeat(bytes - row.length - 2)}]` }
}

/** How an import is sent, and the file in it. */
export const IMPORT_FILE_RULES: readonly Rule[] = [
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
