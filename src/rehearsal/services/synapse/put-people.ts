import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { connect } from '../../../postgres/connect.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import { catalogueQuery, type SourceCatalogue, toSourceCatalogue } from '../../../synapse/catalogue.ts'
import { STAGED_TABLES } from '../../../synapse/sqlite/columns.ts'

export interface PeopleToPut {
  /** The tables of a homeserver that syn2op reads; there may be no others. */
  readonly from: PostgresSettings
  /** The database of a Synapse that has made its tables and does not run now. */
  readonly into: PostgresSettings
  readonly signal: AbortSignal
}

/** What these tables say is true of the Synapse that made them. */
const ABOUT_SYNAPSE: readonly string[] = [
  'schema_version',
  'schema_compat_version',
  'background_updates',
  'application_services_state',
]

/** Rules that rows of an older Synapse, or damaged ones, may break. Unique keys stay: Synapse writes by them. */
interface Rule {
  readonly table: string
  /** Of a constraint, or of a column that may not be null. */
  readonly name: string
  readonly kind: 'constraint' | 'column'
}

const rulesQuery = (schema: string, tables: readonly string[]): RawBuilder<Rule> => sql`
  WITH wanted AS (
    SELECT c.oid, c.relname
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${schema} AND c.relname = ANY(${tables})
  )
  SELECT w.relname AS "table", o.conname AS name, 'constraint' AS kind
  FROM wanted w
  JOIN pg_constraint o ON o.conrelid = w.oid AND o.contype IN ('c', 'f')
  UNION ALL
  SELECT w.relname, a.attname, 'column'
  FROM wanted w
  JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped
  WHERE NOT EXISTS (
    SELECT FROM pg_constraint o
    WHERE o.conrelid = w.oid AND o.contype = 'p' AND a.attnum = ANY(o.conkey)
  )
`

const withoutRule = (schema: string, { table, name, kind }: Rule): RawBuilder<unknown> =>
  kind === 'constraint'
    ? sql`ALTER TABLE ${sql.id(schema, table)} DROP CONSTRAINT ${sql.id(name)}`
    : sql`ALTER TABLE ${sql.id(schema, table)} ALTER COLUMN ${sql.id(name)} DROP NOT NULL`

/**
 * Puts a homeserver's people into the tables of a throw-away Synapse, in one transaction: columns that both have, as the Synapse has
 * them. What was there of people goes.
 * @returns how many rows
 * @throws Syn2opError database.*, run.interrupted
 */
export const putPeople = async ({ from, into, signal }: PeopleToPut): Promise<number> => {
  const source = await connect(from, { applicationName: 'syn2op rehearse', signal })
  try {
    const target = await connect(into, { applicationName: 'syn2op rehearse', signal })
    try {
      return await putBetween(source, target, signal)
    } finally {
      await target.end()
    }
  } finally {
    await source.end()
  }
}

const catalogueOf = async (client: Client): Promise<SourceCatalogue> =>
  toSourceCatalogue(await run(client, catalogueQuery))

const putBetween = async (from: Client, to: Client, signal: AbortSignal): Promise<number> => {
  const there = await catalogueOf(from)
  const here = await catalogueOf(to)
  const tables = STAGED_TABLES.filter(
    (table) => there.tables.has(table) && here.tables.has(table) && !ABOUT_SYNAPSE.includes(table),
  )
  await run(to, sql`BEGIN`)
  for (const rule of await run(to, rulesQuery(here.schema, tables))) await run(to, withoutRule(here.schema, rule))
  for (const table of tables) await run(to, sql`DELETE FROM ${sql.id(here.schema, table)}`)
  let count = 0
  for (const table of tables) {
    const types = here.tables.get(table) ?? new Map<string, string>()
    const columns = [...types].filter(([name]) => there.tables.get(table)?.has(name))
    const values = columns.map(([name, type]) => sql`${sql.id(name)}::${sql.raw(type)}`)
    const names = sql.join(columns.map(([name]) => sql.id(name)))
    const { rows } = await copyBetween({
      from,
      to,
      select: compileStatement(sql`SELECT ${sql.join(values)} FROM ${sql.id(there.schema, table)}`),
      into: compileStatement(sql`COPY ${sql.id(here.schema, table)} (${names}) FROM STDIN (FORMAT binary)`),
      what: `the table ${table}`,
      signal,
    })
    count += rows
  }
  await run(to, sql`COMMIT`)
  for (const table of tables) await run(to, sql`ANALYZE ${sql.id(here.schema, table)}`)
  return count
}
