import { isObject } from '../json.ts'

/** A field that is asked for. */
export interface ExportField {
  readonly name: string
  readonly as: string
}

/** What is exported of a user unless fields are named: the normalized profile. */
const USUAL = [
  'user_id',
  'email',
  'email_verified',
  'name',
  'nickname',
  'given_name',
  'family_name',
  'username',
  'picture',
  'created_at',
  'updated_at',
]

const isDate = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/u

/** Fields by their names, as `app_metadata.matrix.mxid` or `identities[0].connection`. */
const valueAt = (body: unknown, name: string): unknown =>
  name
    .split(/[.[\]]/u)
    .filter((key) => key !== '')
    .reduce<unknown>((value, key) => {
      if (Array.isArray(value)) return value[Number(key)]
      return isObject(value) ? value[key] : undefined
    }, body)

/** Against injection into spreadsheets, as the documentation of exports says: every text quoted, with `'` before it. */
const cell = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return isDate.test(value) ? value : `"'${value.replaceAll('"', '""')}"`
}

/** The fields of a request for an export; those of every profile where it names none. */
export const exportFields = (asked: unknown): readonly ExportField[] => {
  const fields = Array.isArray(asked) && asked.length > 0 ? asked : USUAL.map((name) => ({ name }))
  return fields.filter(isObject).map(({ name, export_as: as }) => ({ name: String(name), as: String(as ?? name) }))
}

/** The file: an object of JSON a line, or CSV with a head. */
export const exportText = (
  format: 'json' | 'csv',
  fields: readonly ExportField[],
  bodies: Iterable<Readonly<Record<string, unknown>>>,
): string => {
  const lines: string[] = format === 'csv' ? [fields.map(({ as }) => cell(as)).join(',')] : []
  for (const body of bodies) {
    const values = fields.map(({ name, as }) => [as, valueAt(body, name)] as const)
    lines.push(
      format === 'csv' ? values.map(([, value]) => cell(value)).join(',') : JSON.stringify(Object.fromEntries(values)),
    )
  }
  return lines.map((line) => `${line}\n`).join('')
}
