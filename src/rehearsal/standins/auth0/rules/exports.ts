import { ANN, HOUR, importing, MINUTE, reading, SECOND, waiting } from './examples.ts'
import { documented, inferred, specified } from './published.ts'
import type { ApiRequest, Rule, Step } from './rule.ts'

const EXPORT = 'POST /jobs/users-exports'

const exporting = (json: unknown, scopes?: readonly string[]): Step => ({
  kind: 'request',
  request: {
    method: 'POST',
    path: '/api/v2/jobs/users-exports',
    json,
    ...(scopes === undefined ? {} : { scopes }),
  },
})

const NAMES = { format: 'json', fields: [{ name: 'user_id' }, { name: 'email' }] } as const
const INVALID = { kind: 'answer', status: 400, errorCode: 'invalid_body' } as const

const columns = (count: number): readonly { readonly name: string }[] =>
  Array.from({ length: count }, (_, index) => ({ name: `user_metadata.column_${index}` }))

const download: ApiRequest = { method: 'GET', path: '{location}', as: 'nobody' }

/** What an export of users is held to, and what it gives. */
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
    id: 'exports.only',
    says: 'The body has `connection_id`, `format`, `limit` and `fields`, and nothing else.',
    sources: [
      specified(EXPORT, '"additionalProperties": false, "properties": {"connection_id", "fields", "format", "limit"}'),
    ],
    field: {
      of: 'export job',
      path: '',
      check: { kind: 'only', properties: ['connection_id', 'format', 'limit', 'fields'] },
      code: 'invalid_body',
    },
    keeps: { steps: [exporting(NAMES)] },
    breaks: [{ wrong: 'a search', steps: [exporting({ ...NAMES, q: 'email:ann*' })], refusal: INVALID }],
  },
  {
    id: 'exports.connection_id',
    says: 'A connection is named by its id.',
    sources: [specified(EXPORT, '"connection_id": {"pattern": "^con_[A-Za-z0-9]{16}$", "type": "string"}')],
    field: {
      of: 'export job',
      path: 'connection_id',
      check: { kind: 'pattern', pattern: '^con_[A-Za-z0-9]{16}$' },
      code: 'invalid_body',
    },
    keeps: { steps: [exporting(NAMES)] },
    breaks: [
      { wrong: "a connection's name", steps: [exporting({ ...NAMES, connection_id: 'people' })], refusal: INVALID },
    ],
  },
  {
    id: 'exports.format',
    says: 'The file is `json` or `csv`.',
    sources: [specified(EXPORT, '"format": {"enum": ["json", "csv"], "type": "string"}')],
    field: {
      of: 'export job',
      path: 'format',
      check: { kind: 'one of', values: ['json', 'csv'] },
      code: 'invalid_body',
    },
    keeps: { steps: [exporting({ ...NAMES, format: 'csv' })] },
    breaks: [{ wrong: 'another format', steps: [exporting({ ...NAMES, format: 'ndjson' })], refusal: INVALID }],
  },
  {
    id: 'exports.limit',
    says: 'At least one user is asked for.',
    sources: [specified(EXPORT, '"limit": {"default": 5, "minimum": 1, "type": "integer"}')],
    field: { of: 'export job', path: 'limit', check: { kind: 'least', value: 1 }, code: 'invalid_body' },
    keeps: { steps: [exporting({ ...NAMES, limit: 1 })] },
    breaks: [{ wrong: 'nobody', steps: [exporting({ ...NAMES, limit: 0 })], refusal: INVALID }],
  },
  {
    id: 'exports.limit.integer',
    says: 'The most users that are asked for are a whole number.',
    sources: [specified(EXPORT, '"limit": {"default": 5, "minimum": 1, "type": "integer"}')],
    field: { of: 'export job', path: 'limit', check: { kind: 'type', is: ['integer'] }, code: 'invalid_body' },
    keeps: { steps: [exporting({ ...NAMES, limit: 2 })] },
    breaks: [{ wrong: 'a text', steps: [exporting({ ...NAMES, limit: '2' })], refusal: INVALID }],
  },
  {
    id: 'exports.fields.type',
    says: 'The fields are an array.',
    sources: [specified(EXPORT, '"fields": {"items": {"CreateExportUsersFields"}, "type": "array"}')],
    field: { of: 'export job', path: 'fields', check: { kind: 'type', is: ['array'] }, code: 'invalid_body' },
    keeps: { steps: [exporting(NAMES)] },
    breaks: [{ wrong: 'a text', steps: [exporting({ format: 'json', fields: 'email' })], refusal: INVALID }],
  },
  {
    id: 'exports.fields.name',
    says: 'Every field has a name.',
    sources: [specified(EXPORT, 'CreateExportUsersFields: "required": ["name"]')],
    field: { of: 'export job', path: 'fields[].name', check: { kind: 'required' }, code: 'invalid_body' },
    keeps: { steps: [exporting(NAMES)] },
    breaks: [
      {
        wrong: 'a field of which only the new name is known',
        steps: [exporting({ format: 'json', fields: [{ export_as: 'mail' }] })],
        refusal: INVALID,
      },
    ],
  },
  {
    id: 'exports.fields.name.length',
    says: "A field's name has at most 100 characters.",
    sources: [specified(EXPORT, 'CreateExportUsersFields: "name": {"maxLength": 100, "type": "string"}')],
    field: { of: 'export job', path: 'fields[].name', check: { kind: 'longest', length: 100 }, code: 'invalid_body' },
    keeps: { steps: [exporting({ format: 'json', fields: [{ name: 'n'.repeat(100) }] })] },
    breaks: [
      {
        wrong: '101 characters',
        steps: [exporting({ format: 'json', fields: [{ name: 'n'.repeat(101) }] })],
        refusal: INVALID,
      },
    ],
  },
  {
    id: 'exports.fields.export_as.length',
    says: "A column's name has at most 100 characters.",
    sources: [specified(EXPORT, 'CreateExportUsersFields: "export_as": {"maxLength": 100, "type": "string"}')],
    field: {
      of: 'export job',
      path: 'fields[].export_as',
      check: { kind: 'longest', length: 100 },
      code: 'invalid_body',
    },
    keeps: { steps: [exporting({ format: 'json', fields: [{ name: 'email', export_as: 'mail' }] })] },
    breaks: [
      {
        wrong: '101 characters',
        steps: [exporting({ format: 'json', fields: [{ name: 'email', export_as: 'n'.repeat(101) }] })],
        refusal: INVALID,
      },
    ],
  },
  {
    id: 'exports.csv.columns',
    says: 'A file in CSV has at most 30 columns.',
    sources: [documented('exports', 'Data exports in CSV format are limited to 30 fields.')],
    field: {
      of: 'export job',
      path: 'fields',
      check: { kind: 'longest', length: 30 },
      when: { kind: 'field', path: 'format', in: ['csv'] },
      code: 'invalid_body',
    },
    keeps: { steps: [exporting({ format: 'csv', fields: columns(30) })] },
    breaks: [{ wrong: '31 columns', steps: [exporting({ format: 'csv', fields: columns(31) })], refusal: INVALID }],
  },
  {
    id: 'exports.csv.metadata',
    says: 'A file in CSV has single fields of metadata, not the whole of it.',
    sources: [
      documented(
        'exports',
        'Data exports in CSV format cannot include `app_metadata` or `user_metadata` as single objects.',
      ),
    ],
    field: {
      of: 'export job',
      path: 'fields[].name',
      check: { kind: 'pattern', pattern: '^(?!(?:app|user)_metadata$)' },
      when: { kind: 'field', path: 'format', in: ['csv'] },
      code: 'invalid_body',
    },
    keeps: { steps: [exporting({ format: 'json', fields: [{ name: 'app_metadata' }] })] },
    breaks: [
      {
        wrong: 'all app_metadata',
        steps: [exporting({ format: 'csv', fields: [{ name: 'app_metadata' }] })],
        refusal: INVALID,
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
