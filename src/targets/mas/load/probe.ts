import { sql } from 'kysely'
import type { Client } from 'pg'
import type { TableShape } from '../../../difference/table-shape.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { LoadProbe, TableProbe } from '../../road-probe.ts'
import { createDefinition, dropDefinition, readDefinitions } from './definitions.ts'
import { WRITER_TUNING } from './writer-tuning.ts'

interface ProbeOptions {
  readonly tables: readonly TableShape[]
  /** Where the target's tables stand. */
  readonly schema: string
  readonly readers: readonly Client[]
  /** One for each reader, used by nobody else. */
  readonly writers: readonly Client[]
  /** So many rows of each table. */
  readonly rows: number
  readonly signal: AbortSignal
}

/**
 * Copies some really shaped rows of each table into temporary tables of the same form, and builds the same keys and indexes over
 * them: as many tables at once as a load would copy. Nothing of the target's own is touched.
 * @returns undefined where our role may make no temporary tables.
 */
export const probeLoad = async (options: ProbeOptions): Promise<LoadProbe | undefined> => {
  const { tables, readers, writers } = options
  const [first] = writers
  if (first === undefined || !(await mayMakeTemporary(first))) return undefined
  const started = performance.now()
  const queue = [...tables].toSorted(longestFirst)
  const probes: TableProbe[] = []
  const ended = await Promise.allSettled(
    readers.map(async (source, lane) => {
      const target = writers[lane]
      if (target === undefined) return
      await run(target, WRITER_TUNING)
      // A table's pages stay in memory until it is dropped, as those of a load mostly do.
      await run(target, sql`SET temp_buffers = '128MB'`)
      for (let shape = queue.shift(); shape !== undefined; shape = queue.shift()) {
        probes.push(await probeTable({ source, target, shape }, options))
      }
    }),
  )
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return { tables: probes, lanes: Math.min(readers.length, writers.length), milliseconds: performance.now() - started }
}

const mayMakeTemporary = async (client: Client): Promise<boolean> => {
  const [row] = await run<{ may: boolean }>(
    client,
    sql`
      SELECT has_database_privilege(current_database(), 'TEMP') AND NOT pg_is_in_recovery() AS may
    `,
  )
  return row?.may === true
}

const LONGEST = ['compat_access_tokens', 'compat_sessions', 'users', 'compat_refresh_tokens']
const longestFirst = (a: TableShape, b: TableShape): number => rank(a) - rank(b)
const rank = ({ table }: TableShape): number => (LONGEST.includes(table) ? LONGEST.indexOf(table) : LONGEST.length)

interface Lane {
  readonly source: Client
  readonly target: Client
  readonly shape: TableShape
}

const probeTable = async (
  { source, target, shape }: Lane,
  { schema, rows: wanted, signal }: ProbeOptions,
): Promise<TableProbe> => {
  const { table, relation } = shape
  const columns = sql.join(shape.columns.map(({ name }) => sql.id(name)))
  const probe = sql.id('pg_temp', table)
  await run(target, sql`CREATE TEMPORARY TABLE ${sql.id(table)} (LIKE ${sql.id(schema, table)} INCLUDING INDEXES)`)
  try {
    const [place] = await run<{ schema: string }>(
      target,
      sql`SELECT nspname AS schema FROM pg_namespace WHERE oid = pg_my_temp_schema()`,
    )
    const definitions = await readDefinitions(target, place?.schema ?? 'pg_temp', [table])
    for (const one of definitions) await dropDefinition(target, one)
    await run(target, sql`BEGIN`)
    await run(target, sql`TRUNCATE ${probe}`)
    const started = performance.now()
    let begun: number | undefined
    const { rows, bytes } = await copyBetween({
      from: source,
      to: target,
      // A materialised query is planned for all its rows, and read no further than the limit.
      select: compileStatement(
        sql`WITH whole AS MATERIALIZED (${shape.wanted}) SELECT ${columns} FROM whole LIMIT ${sql.lit(wanted)}`,
      ),
      into: compileStatement(sql`COPY ${probe} (${columns}) FROM STDIN (FORMAT binary, FREEZE)`),
      what: `some rows of ${table}`,
      signal,
      onProgress: () => (begun ??= performance.now()),
    })
    await run(target, sql`COMMIT`)
    const copied = performance.now()
    const builds: number[] = []
    for (const one of definitions) {
      const from = performance.now()
      await createDefinition(target, one)
      builds.push(performance.now() - from)
    }
    const startup = (begun ?? copied) - started
    return { table, relation, rows, bytes, isWhole: rows < wanted, startup, copy: copied - started - startup, builds }
  } catch (error) {
    await run(target, sql`ROLLBACK`).catch(() => {})
    throw error
  } finally {
    await run(target, sql`DROP TABLE IF EXISTS ${probe}`).catch(() => {})
  }
}
