import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../postgres/statement.ts'
import type { SourceCatalogue } from './catalogue.ts'

export interface SourceState {
  /** Tables that our role may not SELECT from. */
  readonly unreadable: readonly string[]
  readonly backgroundUpdates: readonly string[]
  /** Of Synapse's own table schema_version; only for messages: columns are never guessed from it. */
  readonly schemaVersion: number | undefined
}

/** Reads what is asked of the source as a whole. What cannot be read is left out and told in `unreadable`. */
export const readSourceState = async (client: Client, { schema, tables }: SourceCatalogue): Promise<SourceState> => {
  const privileges = await run<{ table: string; readable: boolean }>(
    client,
    sql`
      SELECT
        c.relname AS table,
        has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${schema} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    `,
  )
  const unreadable = privileges.filter(({ readable }) => !readable).map(({ table }) => table)
  const canRead = (table: string): boolean => tables.has(table) && !unreadable.includes(table)
  const updates = canRead('background_updates')
    ? await run<{ name: string }>(
        client,
        sql`SELECT update_name AS name FROM ${sql.id(schema, 'background_updates')} ORDER BY 1`,
      )
    : []
  const [version] = canRead('schema_version')
    ? await run<{ version: number }>(client, sql`SELECT version FROM ${sql.id(schema, 'schema_version')}`)
    : []
  return { unreadable, backgroundUpdates: updates.map(({ name }) => name), schemaVersion: version?.version }
}
