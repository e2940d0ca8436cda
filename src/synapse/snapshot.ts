import { sql } from 'kysely'
import type { Client } from 'pg'
import { connect } from '../postgres/connect.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'

/**
 * One moment of the source, seen through several connections at once. All of them only read: the transactions are
 * READ ONLY, no lock is taken that Synapse could wait for, SELECT is enough, and a replica works as well (hence
 * REPEATABLE READ: a standby refuses SERIALIZABLE).
 */
export interface Snapshot {
  /** Connections within the snapshot, each for one statement at a time. */
  readonly readers: readonly Client[]
  close(): Promise<void>
}

/**
 * Settings of a reader. The joins of the decision are of whole tables: hashing them in memory is what makes them
 * fast, and compiling them (jit) costs more than it saves. How many cores of the server work for us is what the
 * number of readers says; parallel workers on top of them made a load on two cores slower by a tenth. What a cursor reads
 * is read to its end: planned for its first rows, a join looked through all addresses for each of the accounts.
 */
const TUNING = sql`
  SET jit = off;
  SET work_mem = '128MB';
  SET hash_mem_multiplier = 2;
  SET max_parallel_workers_per_gather = 0;
  SET cursor_tuple_fraction = 1
`

/**
 * @param count how many readers; the snapshot is exported by the first and imported by the others.
 */
export const openSnapshot = async (
  settings: PostgresSettings,
  {
    count,
    applicationName,
    signal,
  }: { readonly count: number; readonly applicationName: string; readonly signal: AbortSignal },
): Promise<Snapshot> => {
  const readers: Client[] = []
  const close = async (): Promise<void> => {
    await Promise.allSettled(readers.map((reader) => reader.end()))
  }
  try {
    for (let index = 0; index < count; index++) {
      readers.push(await connect(settings, { applicationName, signal }))
    }
    const [first, ...others] = readers
    if (first === undefined) return { readers, close }
    await run(first, TUNING)
    await run(first, sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
    if (others.length > 0) {
      const [exported] = await run<{ id: string }>(first, sql`SELECT pg_export_snapshot() AS id`)
      for (const reader of others) {
        await run(reader, TUNING)
        await run(reader, sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
        await run(reader, sql`SET TRANSACTION SNAPSHOT ${sql.lit(exported?.id ?? '')}`)
      }
    }
    return { readers, close }
  } catch (error) {
    await close()
    throw error
  }
}
