import { exporting, NAMES } from './exporting.ts'
import { documented, specified } from './published.ts'
import type { Rule } from './rule.ts'

const EXPORT = 'POST /jobs/users-exports'

const INVALID = { kind: 'answer', status: 400, errorCode: 'invalid_body' } as const

const columns = (count: number): readonly { readonly name: string }[] =>
  Array.from({ length: count }, (_, index) => ({ name: `user_metadata.column_${index}` }))

/** What is said of the body of a request for an export. */
export const EXPORT_FIELDS_RULES: readonly Rule[] = [
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
]
