import { sql } from 'kysely'
import type pg from 'pg'
import { run } from '../../../postgres/statement.ts'
import { MAS_CATALOGUE } from './catalogue.ts'
import type { MasInspection, PresentTable } from './inspection.ts'

export const MIGRATIONS_TABLE = '_sqlx_migrations'

const NAMES: readonly string[] = [...MAS_CATALOGUE.tables.map(({ name }) => name), MIGRATIONS_TABLE]

type ServerFacts = Pick<
  MasInspection,
  | 'database'
  | 'user'
  | 'serverVersion'
  | 'serverVersionNumber'
  | 'encoding'
  | 'inRecovery'
  | 'superuser'
  | 'mayCreateInDatabase'
> & { readonly currentSchema: string | null }

export const readServer = async (client: pg.ClientBase): Promise<ServerFacts> => {
  const [facts] = await run<ServerFacts>(
    client,
    sql`
      SELECT
        current_database() AS database,
        current_user::text AS "user",
        current_schema()::text AS "currentSchema",
        current_setting('server_version') AS "serverVersion",
        current_setting('server_version_num')::integer AS "serverVersionNumber",
        current_setting('server_encoding') AS encoding,
        pg_is_in_recovery() AS "inRecovery",
        (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
        has_database_privilege(current_database(), 'CREATE') AS "mayCreateInDatabase"
    `,
  )
  if (!facts) throw new TypeError('A SELECT without FROM returned no row')
  return facts
}

/** The catalogue's tables that the search path finds, and the list of migrations. */
export const readTables = (client: pg.ClientBase): Promise<readonly PresentTable[]> =>
  run<PresentTable>(
    client,
    sql`
      SELECT
        c.relname::text AS name,
        n.nspname::text AS schema,
        pg_get_userbyid(c.relowner)::text AS owner,
        pg_has_role(c.relowner, 'USAGE') AS owned,
        has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
        row_security_active(c.oid) AS filtered,
        has_schema_privilege(n.oid, 'USAGE')
          AND has_table_privilege(c.oid, 'INSERT')
          AND has_table_privilege(c.oid, 'UPDATE')
          AND has_table_privilege(c.oid, 'DELETE') AS writable,
        has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'REFERENCES') AS referencable,
        (
          SELECT json_agg(
            json_build_object(
              'name', a.attname,
              'type', format_type(a.atttypid, a.atttypmod),
              'nullable', NOT a.attnotnull,
              'filledByItself', a.atthasdef OR a.attidentity <> ''
            )
            ORDER BY a.attnum
          )
          FROM pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ) AS columns
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relname IN (${sql.join(NAMES)}) AND pg_table_is_visible(c.oid)
      ORDER BY c.relname
    `,
  )

/** The same tables where the search path does not look, for those that it does not find. */
export const readElsewhere = (
  client: pg.ClientBase,
  found: readonly PresentTable[],
): Promise<MasInspection['elsewhere']> => {
  const missing = NAMES.filter((name) => !found.some((table) => table.name === name))
  if (missing.length === 0) return Promise.resolve([])
  return run<{ readonly schema: string; readonly table: string }>(
    client,
    sql`
      SELECT n.nspname::text AS schema, c.relname::text AS table
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relname IN (${sql.join(missing)})
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      ORDER BY 1, 2
    `,
  )
}

/** What MAS's own importer leaves when it is interrupted: renamed tables and its lists of what to restore. */
export const readImporterTables = async (client: pg.ClientBase): Promise<readonly string[]> => {
  const rows = await run<{ readonly name: string }>(
    client,
    sql`
      SELECT c.relname::text AS name
      FROM pg_class c
      WHERE c.relkind = 'r' AND c.relname ~ '^syn2mas_(_|restore_)' AND pg_table_is_visible(c.oid)
      ORDER BY 1
    `,
  )
  return rows.map(({ name }) => name)
}

export const readExtensions = async (client: pg.ClientBase): Promise<readonly string[]> => {
  const rows = await run<{ readonly name: string }>(
    client,
    sql`SELECT extname::text AS name FROM pg_extension ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}
