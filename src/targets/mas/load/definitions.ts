import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from './journal.ts'

/** An index or constraint as PostgreSQL itself would write it down. */
export interface Definition {
  readonly kind: 'constraint' | 'index'
  readonly schema: string
  readonly table: string
  readonly name: string
  /** `PRIMARY KEY (user_id)` for a constraint, the whole CREATE INDEX for an index. */
  readonly definition: string
  /** Of a constraint: p primary key, u unique, x exclusion, f foreign key. Of an index: its access method. */
  readonly type: string
}

/**
 * Reads every key, foreign key and index of the tables, and foreign keys of other tables that point at them.
 * The order is that of dropping: foreign keys first.
 * @param schema where the tables stand now.
 */
export const readDefinitions = (
  client: Client,
  schema: string,
  tables: readonly string[],
): Promise<readonly Definition[]> =>
  run<Definition>(
    client,
    sql`
      WITH ours AS (
        SELECT c.oid
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${schema} AND c.relname IN (${sql.join(tables)})
      )
      SELECT
        'constraint' AS kind,
        n.nspname AS schema,
        c.relname AS table,
        k.conname AS name,
        pg_get_constraintdef(k.oid) AS definition,
        k.contype::text AS type
      FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE (k.contype IN ('p', 'u', 'x') AND k.conrelid IN (SELECT oid FROM ours))
         OR (k.contype = 'f' AND (k.conrelid IN (SELECT oid FROM ours) OR k.confrelid IN (SELECT oid FROM ours)))

      UNION ALL

      SELECT
        'index',
        n.nspname,
        c.relname,
        i.relname,
        pg_get_indexdef(x.indexrelid),
        m.amname
      FROM pg_index x
      JOIN pg_class c ON c.oid = x.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_am m ON m.oid = i.relam
      WHERE x.indrelid IN (SELECT oid FROM ours)
        AND NOT EXISTS (
          SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')
        )

      ORDER BY 1, 6, 3, 4
    `,
  )

export const saveDefinitions = async (
  client: Client,
  runId: string,
  definitions: readonly Definition[],
): Promise<void> => {
  await run(client, sql`DELETE FROM ${sql.id(JOURNAL_SCHEMA)}.saved_definition WHERE run_id = ${runId}`)
  if (definitions.length === 0) return
  const rows = definitions.map(
    (one, ordinal) =>
      sql`(${runId}, ${ordinal}::integer, ${one.kind}, ${one.schema}, ${one.table}, ${one.name}, ${one.definition}, ${one.type})`,
  )
  await run(
    client,
    sql`
      INSERT INTO ${sql.id(JOURNAL_SCHEMA)}.saved_definition
        (run_id, ordinal, kind, schema, table_name, name, definition, type)
      VALUES ${sql.join(rows)}
    `,
  )
}

export const readSavedDefinitions = (client: Client, runId: string): Promise<readonly Definition[]> =>
  run<Definition>(
    client,
    sql`
      SELECT kind, schema, table_name AS table, name, definition, type
      FROM ${sql.id(JOURNAL_SCHEMA)}.saved_definition
      WHERE run_id = ${runId}
      ORDER BY ordinal
    `,
  )

export const dropDefinition = async (client: Client, { kind, schema, table, name }: Definition): Promise<void> => {
  await run(
    client,
    kind === 'constraint'
      ? sql`ALTER TABLE ${sql.id(schema, table)} DROP CONSTRAINT ${sql.id(name)}`
      : sql`DROP INDEX ${sql.id(schema, name)}`,
  )
}

/**
 * Makes an index or key again. A foreign key is first added without looking at the rows and validated afterwards,
 * which asks for a weaker lock. The text is PostgreSQL's own.
 */
export const createDefinition = async (client: Client, one: Definition): Promise<void> => {
  if (one.kind === 'index') {
    await run(client, sql.raw(one.definition))
    return
  }
  const add = sql`ALTER TABLE ${sql.id(one.schema, one.table)} ADD CONSTRAINT ${sql.id(one.name)} ${sql.raw(one.definition)}`
  if (one.type !== 'f' || one.definition.endsWith('NOT VALID')) {
    await run(client, add)
    return
  }
  await run(client, sql`${add} NOT VALID`)
  await run(client, sql`ALTER TABLE ${sql.id(one.schema, one.table)} VALIDATE CONSTRAINT ${sql.id(one.name)}`)
}

/** Those of `wanted` that `present` does not hold in the same words. */
export const missingDefinitions = (
  wanted: readonly Definition[],
  present: readonly Definition[],
): readonly Definition[] => {
  const words = ({ kind, schema, table, name, definition }: Definition): string =>
    JSON.stringify([kind, schema, table, name, definition])
  const known = new Set(present.map(words))
  return wanted.filter((one) => !known.has(words(one)))
}
