import { type StoryEntry, writtenOut } from './entries.ts'
import type { SourceRecord, SourceRow, SourceTable } from './source-record.ts'
import type { CellSpec, SourceReference } from './story-schema.ts'

/** A value of a target's row: times as ISO texts with milliseconds, addresses as PostgreSQL prints them. */
export type Cell = string | number | boolean | null

const isOf = (entry: StoryEntry, table: SourceTable, row: SourceRow): boolean => {
  switch (table) {
    case 'users':
      return row['name'] === entry.account
    case 'access_tokens':
    case 'refresh_tokens':
      return row['token'] === entry.token
    case 'user_threepids':
      return row['medium'] === entry.medium && row['address'] === entry.address
    case 'user_external_ids':
      return row['auth_provider'] === entry.provider && row['external_id'] === entry.subject
    case 'devices':
    case 'e2e_device_keys_json':
      return row['user_id'] === entry.account && row['device_id'] === entry.device
  }
}

const isoTime = (value: SourceRow[string], unit: 's' | 'ms'): string | null =>
  value === null ? null : new Date(Number(value) * (unit === 's' ? 1000 : 1)).toISOString()

const cellOf = (row: SourceRow, column: string, { source, unit }: SourceReference): Cell => {
  const value = row[column]
  if (value === undefined) throw new Error(`The source has no column ${source}`)
  return unit ? isoTime(value, unit) : value
}

const fromSource = (reference: SourceReference, entry: StoryEntry, record: SourceRecord): Cell => {
  const [table, column] = reference.source.split('.') as [SourceTable, string]
  const tokens = reference.of?.map((label) => writtenOut(label, record.labels)) ?? [entry.token]
  const rows = tokens.flatMap((token) =>
    record.tables[table].filter((row) => isOf({ ...entry, ...(token && { token }) }, table, row)),
  )
  if (rows.length !== tokens.length)
    throw new Error(`The source has ${rows.length} rows for ${reference.source} of ${JSON.stringify(entry)}`)
  const cells = rows.map((row) => cellOf(row, column, reference))
  // ISO times of the same length sort as they follow each other.
  return cells.toSorted()[0] ?? null
}

/** The value that a story's cell stands for. `userCreated`: the created_at of the account's user row. */
export const resolveCell = (spec: CellSpec, entry: StoryEntry, record: SourceRecord, userCreated: Cell): Cell => {
  if (typeof spec === 'string') return writtenOut(spec, record.labels)
  if (spec === null || typeof spec !== 'object') return spec
  return 'same_as' in spec ? userCreated : fromSource(spec, entry, record)
}
