import type { Client } from 'pg'
import { SOURCE_TABLES, type SourceTable } from '../expected-rows/source-record.ts'
import type { Homeserver } from './homeserver.ts'

/** Refresh tokens come before the access tokens that point at them. */
const ORDER: readonly SourceTable[] = ['refresh_tokens', ...SOURCE_TABLES.filter((table) => table !== 'refresh_tokens')]

/** Makes a database with Synapse's tables hold these rows and no others, in one transaction. */
export const loadHomeserver = async (client: Client, rows: Homeserver): Promise<void> => {
  const inserts = ORDER.filter((table) => rows[table].length > 0).map(
    (table) =>
      `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(null::${table}, ${client.escapeLiteral(JSON.stringify(rows[table]))}::jsonb)`,
  )
  const deletes = ORDER.toReversed().map((table) => `DELETE FROM ${table}`)
  await client.query(['BEGIN', ...deletes, ...inserts, 'COMMIT'].join(';\n'))
}
