import { setTimeout as sleep } from 'node:timers/promises'
import type { TestPostgres } from './server-for-tests.ts'

/** Longer than any road to a lock takes, and shorter than a test may. */
const PATIENCE_MS = 150_000

/** Waits until a session of ours waits for a row in the database that somebody else holds, however slow the machine is. */
export const untilWeWait = async (postgres: TestPostgres, database: string): Promise<void> => {
  const client = await postgres.superuser()
  try {
    const deadline = Date.now() + PATIENCE_MS
    const waiting = `SELECT FROM pg_stat_activity
      WHERE datname = $1 AND application_name LIKE 'syn2op%'
        AND wait_event_type = 'Lock' AND wait_event IN ('transactionid', 'tuple')`
    while ((await client.query(waiting, [database])).rowCount === 0) {
      if (Date.now() > deadline) throw new Error(`No session of ours waits for a row in ${database}`)
      await sleep(10)
    }
  } finally {
    await client.end()
  }
}
