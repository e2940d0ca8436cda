import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash } from '../../../difference/bucket-hash.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import type { KeyProof } from '../../sql-road.ts'
import type { Stoppable } from '../../target.ts'
import { withConnections } from '../connections.ts'
import { lendClients } from '../load/clients.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { stoppable } from '../load/stoppable.ts'
import type { MasDatabase } from '../mas-database.ts'
import { masTables } from '../rows/tables.ts'
import { settled } from '../settled.ts'

const BUCKETS = 1024

/** Whole tables are joined and grouped, each query once: compiling them costs more than it saves. */
const TUNING = sql`
  SELECT
    set_config('jit', 'off', false),
    set_config('work_mem', '128MB', false),
    set_config('max_parallel_workers_per_gather', '0', false)
`

interface KeyBucket {
  readonly table: number
  readonly bucket: number
  readonly count: number
  readonly xor: string
  readonly sum: string
}

/** Compares the keys of all rows that stand in MAS's tables with those on record as written, a bucket at a time. */
export const proveKeys = (database: MasDatabase, stop: Stoppable): Promise<KeyProof> => {
  const more = { name: 'syn2op proof', access: 'read-only', count: database.writers - 1 } as const
  return withConnections(database, more, (others) => compareKeys(database, [database.control, ...others], stop))
}

const compareKeys = async (database: MasDatabase, all: readonly Client[], { signal }: Stoppable): Promise<KeyProof> => {
  const shapes = masTables(database.rows(sql`SELECT`, 'fast'))
  const schema = await database.schema()
  const clients = lendClients(all)
  await Promise.all(clients.all.map((client) => run(client, TUNING)))
  const ask = (query: RawBuilder<KeyBucket>): Promise<readonly KeyBucket[]> =>
    clients.with((client) =>
      stoppable(client, signal, async () => {
        signal.throwIfAborted()
        return run(client, query)
      }),
    )
  const [written, ...present] = await settled([
    ask(writtenKeys),
    ...largestFirst(shapes.map((shape, table) => ({ shape, table }))).map(({ shape, table }) =>
      ask(presentKeys(shape, table, schema)),
    ),
  ])
  const found = [written ?? [], present.flat()].map((rows) => Map.groupBy(rows, ({ table }) => table))
  const [onRecord, standing] = found
  return {
    tables: shapes.map(({ table }, number) =>
      compared(table, onRecord?.get(number) ?? [], standing?.get(number) ?? []),
    ),
  }
}

/** Sessions and tokens are most of the rows, and stand last. */
const largestFirst = <One>(list: readonly One[]): readonly One[] => list.toReversed()

/** The sum beside the exclusive or, in which twins cancel each other. */
const bucketed = (table: RawBuilder<unknown>, key: RawBuilder<unknown>, from: RawBuilder<unknown>) => sql<KeyBucket>`
  SELECT
    "table"::integer AS "table",
    bucket::integer AS bucket,
    count(*)::integer AS count,
    bit_xor(key)::text AS xor,
    sum(key)::text AS sum
  FROM (SELECT ${table} AS "table", ${key} & ${sql.lit(BUCKETS - 1)} AS bucket, ${key} AS key FROM ${from} x OFFSET 0) y
  GROUP BY 1, 2
`

const writtenKeys = bucketed(sql`table_number`, sql`key`, sql.id(JOURNAL_SCHEMA, 'written_row'))

const presentKeys = ({ natural }: TableShape, table: number, schema: string): RawBuilder<KeyBucket> =>
  bucketed(
    sql.lit(table),
    sql`key`,
    sql`(SELECT ${keyHash(natural)} AS key FROM (${(natural.presentKeys ?? natural.present)(schema)}) p OFFSET 0)`,
  )

const compared = (
  table: string,
  wanted: readonly KeyBucket[],
  present: readonly KeyBucket[],
): KeyProof['tables'][number] => {
  const buckets = new Map<number, Set<string>>()
  for (const side of [wanted, present]) {
    for (const one of side) {
      const known = buckets.get(one.bucket) ?? new Set()
      buckets.set(one.bucket, known.add(`${one.count} ${one.xor} ${one.sum}`))
    }
  }
  const inBoth = new Set(present.map(({ bucket }) => bucket)).intersection(new Set(wanted.map(({ bucket }) => bucket)))
  return {
    table,
    wanted: total(wanted),
    present: total(present),
    differingBuckets: [...buckets].filter(([bucket, sums]) => sums.size > 1 || !inBoth.has(bucket)).length,
  }
}

const total = (buckets: readonly KeyBucket[]): number => buckets.reduce((sum, { count }) => sum + count, 0)
