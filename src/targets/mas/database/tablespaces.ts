import { sql } from 'kysely'
import type pg from 'pg'
import { run } from '../../../postgres/statement.ts'

/** Where the rows of a run come to lie. */
export interface TablespaceUse {
  /** The tablespace of each of MAS's tables. */
  readonly tables: ReadonlyMap<string, string>
  /** That of the database, where syn2op's own record goes. */
  readonly record: string
  /** The folders on the server's machine, of those tablespaces whose folder our role may know. */
  readonly folders: ReadonlyMap<string, string>
}

/** @param schema of MAS's tables. */
export const readTablespaces = async (client: pg.ClientBase, schema: string): Promise<TablespaceUse> => {
  const tables = await run<{ readonly table: string; readonly tablespace: string }>(
    client,
    sql`
      SELECT c.relname::text AS table, s.spcname::text AS tablespace
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_database d ON d.datname = current_database()
      JOIN pg_tablespace s ON s.oid = coalesce(nullif(c.reltablespace, 0), d.dattablespace)
      WHERE c.relkind = 'r' AND n.nspname = ${schema}
    `,
  )
  // The folder of the server's own tablespaces is that of its data, which not every role may know.
  const spaces = await run<{ readonly name: string; readonly folder: string | null; readonly isOurs: boolean }>(
    client,
    sql`
      SELECT
        s.spcname::text AS name,
        coalesce(
          nullif(pg_tablespace_location(s.oid), ''),
          (SELECT setting FROM pg_settings WHERE name = 'data_directory')
        ) AS folder,
        s.oid = d.dattablespace AS "isOurs"
      FROM pg_tablespace s
      JOIN pg_database d ON d.datname = current_database()
    `,
  )
  return {
    tables: new Map(tables.map(({ table, tablespace }) => [table, tablespace])),
    record: spaces.find(({ isOurs }) => isOurs)?.name ?? 'pg_default',
    folders: new Map(spaces.flatMap(({ name, folder }) => (folder === null ? [] : [[name, folder] as const]))),
  }
}
