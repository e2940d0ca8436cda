import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { ReferringTable } from './references.ts'

/** What the names of our indexes begin with, in MAS's schema. */
const PREFIX = 'syn2op_rollback_'

/** Pages from which on a look through a table for every row that goes is worth an index. */
const LARGE = 64

/** Milliseconds to wait for those who write into the table. */
const PATIENCE = 10_000

interface Column {
  readonly schema: string
  readonly table: string
  readonly column: string
}

/**
 * Works with an index on each foreign key of a large table that has none: for every row that is removed the server looks
 * for rows that refer to it. MAS may write meanwhile. Without the right or the time to make them the work takes longer.
 */
export const withHelpingIndexes = async <Result>(
  client: Client,
  tables: readonly ReferringTable[],
  work: () => Promise<Result>,
): Promise<Result> => {
  await dropHelpingIndexes(client)
  try {
    for (const [number, { schema, table, column }] of (await bareColumns(client, tables)).entries()) {
      await run(client, sql`SELECT set_config('lock_timeout', ${String(PATIENCE)}, false)`)
      await run(
        client,
        sql`
          CREATE INDEX CONCURRENTLY ${sql.id(`${PREFIX}${number}`)}
          ON ${sql.id(schema, table)} (${sql.id(column)}) WHERE ${sql.id(column)} IS NOT NULL
        `,
      ).catch(() => {})
    }
    return await work()
  } finally {
    await dropHelpingIndexes(client)
  }
}

const bareColumns = async (client: Client, tables: readonly ReferringTable[]): Promise<readonly Column[]> => {
  const columns = tables.flatMap(({ schema, table, references }) =>
    references.map(({ columns: [column = ''] }) => ({ schema, table, column })),
  )
  return run<Column>(
    client,
    sql`
      SELECT DISTINCT f.schema, f.table, f.column
      FROM jsonb_to_recordset(${JSON.stringify(columns)}::jsonb) AS f (schema text, "table" text, "column" text)
      JOIN pg_namespace n ON n.nspname = f.schema
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = f.table
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = f.column
      WHERE pg_relation_size(c.oid) > ${LARGE}::bigint * current_setting('block_size')::bigint
        AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indkey[0] = a.attnum AND x.indisvalid)
    `,
  )
}

/** Also those that a rollback which died has left; one that our role may not drop does no harm. */
export const dropHelpingIndexes = async (client: Client): Promise<void> => {
  const left = await run<{ schema: string; name: string }>(
    client,
    sql`
      SELECT n.nspname AS schema, c.relname AS name
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'i' AND starts_with(c.relname, ${PREFIX})
    `,
  )
  for (const { schema, name } of left) {
    await run(client, sql`DROP INDEX CONCURRENTLY IF EXISTS ${sql.id(schema, name)}`).catch(() => {})
  }
}
