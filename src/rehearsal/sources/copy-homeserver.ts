import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { connect } from '../../postgres/connect.ts'
import { copyBetween } from '../../postgres/copy.ts'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { compileStatement, run } from '../../postgres/statement.ts'
import { catalogueQuery, toSourceCatalogue } from '../../synapse/catalogue.ts'
import { openSnapshot } from '../../synapse/snapshot.ts'
import { STAGED_TABLES } from '../../synapse/sqlite/columns.ts'
import type { ProgressListener } from '../../targets/progress.ts'

export interface HomeserverCopy {
  /** The homeserver's database: SELECT is enough, and a replica will do. */
  readonly from: PostgresSettings
  /** An empty database of ours. */
  readonly into: PostgresSettings
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

export interface CopiedHomeserver {
  readonly accounts: number
  readonly rows: number
}

type Columns = ReadonlyMap<string, string>

/** A key or an index over columns alone. */
interface CopiedIndex {
  readonly table: string
  readonly isUnique: boolean
  readonly columns: readonly string[]
}

const ids = (names: Iterable<string>): RawBuilder<unknown> => sql.join([...names].map((name) => sql.id(name)))

/** Of expressions and of indexes over some rows only nothing is copied: without them everything is the same, but slower. */
const indexesQuery = (schema: string, tables: readonly string[]): RawBuilder<CopiedIndex> => sql`
  SELECT
    c.relname AS "table",
    i.indisunique AS "isUnique",
    array(
      SELECT a.attname::text
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, at)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      ORDER BY k.at
    ) AS columns
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ${schema} AND c.relname = ANY(${tables}) AND i.indexprs IS NULL AND i.indpred IS NULL AND i.indisvalid
  ORDER BY 1, i.indexrelid
`

const createTable = (table: string, columns: Columns): RawBuilder<unknown> => {
  const defined = [...columns].map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`)
  return sql`CREATE TABLE ${sql.id(table)} (${sql.join(defined)})`
}

const createIndex = ({ table, isUnique, columns }: CopiedIndex): RawBuilder<unknown> =>
  sql`CREATE ${sql.raw(isUnique ? 'UNIQUE ' : '')}INDEX ON ${sql.id(table)} (${ids(columns)})`

interface TableCopy {
  readonly from: Client
  readonly to: Client
  readonly schema: string
  readonly table: string
  readonly columns: Columns
  readonly signal: AbortSignal
}

const copyTable = async ({ from, to, schema, table, columns, signal }: TableCopy): Promise<number> => {
  await run(to, createTable(table, columns))
  const names = ids(columns.keys())
  const { rows } = await copyBetween({
    from,
    to,
    select: compileStatement(sql`SELECT ${names} FROM ${sql.id(schema, table)}`),
    into: compileStatement(sql`COPY ${sql.id(table)} (${names}) FROM STDIN (FORMAT binary)`),
    what: `the table ${table}`,
    signal,
  })
  return rows
}

/**
 * Copies the tables that syn2op reads, all of one moment, into a database of ours: a rehearsal lasts, and people go on using
 * the homeserver meanwhile. Nothing is changed at the source; no lock is taken that Synapse could wait for. Indexes over
 * columns come along, and no other constraint: what is wrong at the source must arrive as it is.
 * @throws Syn2opError database.*, run.interrupted
 */
export const copyHomeserver = async ({ from, into, progress, signal }: HomeserverCopy): Promise<CopiedHomeserver> => {
  const { readers, close } = await openSnapshot(from, { count: 1, applicationName: 'syn2op rehearse', signal })
  try {
    const [reader] = readers
    if (reader === undefined) throw new TypeError('a snapshot needs at least one reader')
    const { schema, tables } = toSourceCatalogue(await run(reader, catalogueQuery))
    const wanted = STAGED_TABLES.filter((table) => tables.has(table))
    const to = await connect(into, { applicationName: 'syn2op rehearse', signal })
    try {
      progress.phase('copy the homeserver')
      const rows = new Map<string, number>()
      for (const [index, table] of wanted.entries()) {
        const columns = tables.get(table) ?? new Map<string, string>()
        rows.set(table, await copyTable({ from: reader, to, schema, table, columns, signal }))
        progress.advance('copy the homeserver', index + 1, wanted.length)
      }
      for (const index of await run(reader, indexesQuery(schema, wanted))) await run(to, createIndex(index))
      for (const table of wanted) await run(to, sql`ANALYZE ${sql.id(table)}`)
      return { accounts: rows.get('users') ?? 0, rows: [...rows.values()].reduce((sum, count) => sum + count, 0) }
    } finally {
      await to.end()
    }
  } finally {
    await close()
  }
}
