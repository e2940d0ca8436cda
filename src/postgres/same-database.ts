import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import type pg from 'pg'
import { run } from './statement.ts'

/** Half of the advisory lock's key; the other half is drawn each time. */
const LOCK_CLASS = 0x5e2_0a6e

/**
 * Whether two sessions are in the same database of the same running server, whatever names, addresses or sockets they
 * came by. Proven by an advisory lock: one session takes it, the other looks for it among the locks of its own
 * database. That needs no privilege, works on a standby, and unlike the cluster's identifier it tells a server from
 * its physical copy. Both clients must be idle; neither's transaction is touched.
 */
export const isSameDatabase = async (a: pg.Client, b: pg.Client): Promise<boolean> => {
  const key = sql`${sql.lit(LOCK_CLASS)}::int, ${sql.lit(randomInt(2 ** 31))}::int`
  const [held] = await run(a, sql<{ pid: number }>`SELECT pg_backend_pid() AS pid FROM pg_advisory_lock(${key})`)
  try {
    const [seen] = await run(
      b,
      sql<{ same: boolean }>`
        SELECT EXISTS (
          SELECT FROM pg_catalog.pg_locks
          WHERE locktype = 'advisory' AND granted AND (classid::bigint, objid::bigint) = (${key}) AND pid = ${held?.pid}
            AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        ) AS same`,
    )
    return seen?.same ?? false
  } finally {
    await run(a, sql`SELECT pg_advisory_unlock(${key})`)
  }
}
