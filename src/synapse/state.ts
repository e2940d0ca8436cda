import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../postgres/statement.ts'
import type { SourceCatalogue } from './catalogue.ts'

export interface SourceState {
  /** Tables that our role may not SELECT from. */
  readonly unreadable: readonly string[]
  /** Tables of which a policy hides rows from our role. */
  readonly filtered: readonly string[]
  readonly backgroundUpdates: readonly string[]
  /** Of Synapse's own table schema_version; only for messages: columns are never guessed from it. */
  readonly schemaVersion: number | undefined
}

/** Reads what is asked of the source as a whole. What cannot be read is left out and told in `unreadable`. */
export const readSourceState = async (client: Client, { schema, tables }: SourceCatalogue): Promise<SourceState> => {
  const privileges = await run<{ table: string; readable: boolean; filtered: boolean }>(
    client,
    sql`
      SELECT
        c.relname AS table,
        has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
        row_security_active(c.oid) AS filtered
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${schema} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    `,
  )
  const unreadable = privileges.filter(({ readable }) => !readable).map(({ table }) => table)
  const filtered = privileges.filter((one) => one.readable && one.filtered).map(({ table }) => table)
  const canRead = (table: string, column: string): boolean =>
    tables.get(table)?.has(column) === true && ![...unreadable, ...filtered].includes(table)
  const updates = canRead('background_updates', 'update_name')
    ? await run<{ name: string }>(
        client,
        sql`SELECT update_name AS name FROM ${sql.id(schema, 'background_updates')} ORDER BY 1`,
      )
    : []
  const [version] = canRead('schema_version', 'version')
    ? await run<{ version: number }>(client, sql`SELECT version FROM ${sql.id(schema, 'schema_version')}`)
    : []
  return { unreadable, filtered, backgroundUpdates: updates.map(({ name }) => name), schemaVersion: version?.version }
}
