import { type RawBuilder, sql } from 'kysely'

/** The tables and columns that a source database really has. */
export interface SourceCatalogue {
  /** The PostgreSQL schema that holds Synapse's tables. */
  readonly schema: string
  /** Each table's columns with their types, as PostgreSQL names them. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, string>>
}

export interface CatalogueRow {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly type: string
}

/**
 * Reads columns as the connection's search path sees them: the same tables Synapse uses.
 * pg_catalog rather than information_schema, which hides what the role may not read, so that a missing
 * privilege can be told from a missing column.
 */
export const catalogueQuery: RawBuilder<CatalogueRow> = sql`
  SELECT
    n.nspname AS schema,
    c.relname AS table,
    a.attname AS column,
    format_type(a.atttypid, NULL) AS type
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND pg_table_is_visible(c.oid)
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY 1, 2, 3
`

/** Puts the rows of `catalogueQuery` together. The schema is that of `users`, else the first seen. */
export const toSourceCatalogue = (rows: readonly CatalogueRow[]): SourceCatalogue => {
  const schema = rows.find((row) => row.table === 'users')?.schema ?? rows[0]?.schema ?? 'public'
  const tables = new Map<string, Map<string, string>>()
  for (const row of rows) {
    if (row.schema !== schema) continue
    const columns = tables.get(row.table) ?? new Map<string, string>()
    columns.set(row.column, row.type)
    tables.set(row.table, columns)
  }
  return { schema, tables }
}
