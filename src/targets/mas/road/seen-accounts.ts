import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { requireComparableHashes } from '../../../difference/comparable-hashes.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { AccountPrints } from '../../sql-road.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { stoppable } from '../load/stoppable.ts'
import { settled } from '../settled.ts'

/**
 * What the queries of the prints gave, side by side; it stands only while they are put together. In the journal several
 * connections fill it, and a run that died has left it; one of a session harms no run that is at work.
 */
const PARTS = { journal: sql.id(JOURNAL_SCHEMA, 'seen_part'), session: sql.id('pg_temp', 'seen_part') } as const

/** The accounts that this run decides anew as it sees them in the source, and those on record that are gone from it. */
export const SEEN_ACCOUNT = sql.id(JOURNAL_SCHEMA, 'seen_account')

export const ACCOUNT = sql.id(JOURNAL_SCHEMA, 'account')

export interface SeenOptions {
  readonly prints: AccountPrints
  /** Connections to the target, outside of transactions, none of them used by others meanwhile. */
  readonly clients: readonly [Client, ...Client[]]
  /** `session`: with one connection, for a look without a lock; absent: in the journal. */
  readonly place?: keyof typeof PARTS
  /** The part of the rows' shape that is the target's: other rows are wanted where it changes. */
  readonly passwordVersion: number
  /** As-of times of the earlier runs that the accounts on record were decided by. */
  readonly earlier: readonly number[]
  readonly signal: AbortSignal
}

/**
 * Copies the prints of the source's accounts to the target and gives them to `use` as a query: owner, print, rows,
 * always, held, due. `use` works in a transaction of the first connection. Two accounts whose owners are equal by chance count as one.
 * The parts are kept in a table without a log: whoever dies here begins here again.
 */
export const withSeenAccounts = async <Result>(
  options: SeenOptions,
  use: (seen: RawBuilder<unknown>) => Promise<Result>,
): Promise<Result> => {
  const [control] = options.clients
  const { place = 'journal' } = options
  const parts = PARTS[place]
  const [reader] = options.prints.readers
  if (reader !== undefined) await requireComparableHashes(reader, control)
  const kind = place === 'journal' ? sql`UNLOGGED` : sql`TEMPORARY`
  await run(control, sql`DROP TABLE IF EXISTS ${parts}`)
  await run(
    control,
    sql`
      CREATE ${kind} TABLE ${parts} (
        owner bigint NOT NULL, print bigint, rows integer, held text, always boolean, due boolean
      )
    `,
  )
  try {
    await copyParts(options)
    return await stoppable(control, options.signal, async () => {
      await run(control, sql`BEGIN`)
      await run(control, TUNING)
      const result = await use(together(parts, options.passwordVersion))
      await run(control, sql`COMMIT`)
      return result
    })
  } catch (error) {
    await run(control, sql`ROLLBACK`).catch(() => {})
    throw error
  } finally {
    // A connection that is gone shows itself in what failed before; the next run empties the table anyway.
    await run(control, sql`DROP TABLE IF EXISTS ${parts}`).catch(() => {})
  }
}

/** All accounts are joined at once. */
const TUNING = sql`
  SET LOCAL work_mem = '256MB'; SET LOCAL hash_mem_multiplier = 2; SET LOCAL jit = off;
  SET LOCAL max_parallel_workers_per_gather = 0
`

interface Part {
  readonly columns: readonly string[]
  readonly rows: RawBuilder<unknown>
}

const copyParts = async ({ prints, clients, place = 'journal', earlier, signal }: SeenOptions): Promise<void> => {
  const pairs = prints.readers.flatMap((from, index) => {
    const to = clients[index]
    return to === undefined ? [] : [[from, to] as const]
  })
  const queue = partsOf(prints, { earlier, lanes: pairs.length })
  const work = async (from: Client, to: Client): Promise<void> => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      const columns = sql.join(part.columns.map((name) => sql.id(name)))
      await copyBetween({
        from,
        to,
        select: compileStatement(part.rows),
        into: compileStatement(sql`COPY ${PARTS[place]} (${columns}) FROM STDIN (FORMAT binary)`),
        what: "the accounts' prints",
        signal,
      })
    }
  }
  await settled(pairs.map(([from, to]) => work(from, to)))
}

const partsOf = (
  { prints, held, always, expiring, asOf }: AccountPrints,
  { earlier, lanes }: { readonly earlier: readonly number[]; readonly lanes: number },
): Part[] => {
  const [first, last] = [Math.min(asOf, ...earlier), Math.max(asOf, ...earlier)]
  return [
    ...Array.from({ length: lanes }, (_, number) => ({
      columns: ['owner', 'print', 'rows'],
      rows: sql`SELECT owner, print, rows FROM (${prints({ number, of: lanes })}) x`,
    })),
    { columns: ['owner', 'held'], rows: sql`SELECT owner, held FROM (${held}) x` },
    { columns: ['owner', 'always'], rows: sql`SELECT owner, true FROM (${always}) x` },
    ...(first < last
      ? [{ columns: ['owner', 'due'], rows: sql`SELECT owner, true FROM (${expiring(first, last)}) x` }]
      : []),
  ]
}

/** An account has one row with its print, and few have others beside. What those say of nobody's owners is left out. */
const together = (parts: RawBuilder<unknown>, passwordVersion: number): RawBuilder<unknown> => sql`
  SELECT
    p.owner,
    p.print # ${sql.lit(shapeSeed(passwordVersion).toString())}::bigint AS print,
    p.rows,
    coalesce(b.always, false) AS always,
    b.held,
    coalesce(b.due, false) AS due
  FROM ${parts} p
  LEFT JOIN (
    SELECT owner, bool_or(always) AS always, max(held) AS held, bool_or(due) AS due
    FROM ${parts}
    WHERE rows IS NULL
    GROUP BY owner
  ) b ON b.owner = p.owner
  WHERE p.rows IS NOT NULL
`

const shapeSeed = (passwordVersion: number): bigint =>
  createHash('sha256').update(`password version ${passwordVersion}`).digest().readBigInt64BE(0)
