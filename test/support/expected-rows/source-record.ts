import type { Client } from 'pg'

/** A source row: bigints as text, as the driver gives them. */
export type SourceRow = Readonly<Record<string, string | number | boolean | null>>

export const SOURCE_TABLES = [
  'users',
  'user_threepids',
  'user_external_ids',
  'devices',
  'access_tokens',
  'refresh_tokens',
  'e2e_device_keys_json',
] as const

export type SourceTable = (typeof SOURCE_TABLES)[number]

/** What a source was like when its story was told. */
export interface SourceRecord {
  /** Without the `$`: texts that the server chose, such as tokens. */
  readonly labels: Readonly<Record<string, string>>
  readonly tables: Readonly<Record<SourceTable, readonly SourceRow[]>>
}

export const emptySourceRecord: SourceRecord = {
  labels: {},
  tables: {
    users: [],
    user_threepids: [],
    user_external_ids: [],
    devices: [],
    access_tokens: [],
    refresh_tokens: [],
    e2e_device_keys_json: [],
  },
}

/** Reads every row that a story speaks of from a Synapse database. */
export const readSourceRecord = async (
  client: Client,
  labels: Readonly<Record<string, string>> = {},
): Promise<SourceRecord> => {
  const tables: Record<SourceTable, readonly SourceRow[]> = { ...emptySourceRecord.tables }
  for (const table of SOURCE_TABLES) {
    tables[table] = (await client.query<SourceRow>(`SELECT * FROM ${client.escapeIdentifier(table)}`)).rows
  }
  return { labels, tables }
}
