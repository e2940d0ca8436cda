import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { MERGE_APPLICATION } from '../load/lock.ts'
import type { MasDatabase } from '../mas-database.ts'
import { isOutOfConnections } from '../open-as-many.ts'
import { measureRoundTrip } from './network-time.ts'

interface Waiting {
  resolve(client: Client): void
  reject(reason: unknown): void
}

/** Connections that batches work on; each batch has one from its plan until it is applied or discarded. */
interface Pool {
  readonly idle: Client[]
  readonly waiting: Waiting[]
  opened: number
}

const pools = new WeakMap<MasDatabase, Pool>()

const poolOf = (database: MasDatabase): Pool => {
  const known = pools.get(database)
  if (known !== undefined) return known
  const pool: Pool = { idle: [], waiting: [], opened: 0 }
  pools.set(database, pool)
  return pool
}

/**
 * Settings of a connection that merges. The joins of a batch are of small tables; compiling them (jit) and looking at
 * every row for statistics cost more than they save. The server looks now and then whether we still live, and else lets go of the locks.
 */
const TUNING = sql`
  SELECT
    set_config('jit', 'off', false),
    set_config('work_mem', '64MB', false),
    set_config('default_statistics_target', '5', false),
    set_config('random_page_cost', '1.1', false),
    set_config('max_parallel_workers_per_gather', '0', false)
`

/** Milliseconds: whoever has just left counts against the limits of a server for a moment more. */
const LEAVING = 2000
const AGAIN = 50

/**
 * Lends a connection; waits for one where as many as the target may use, or as the server lets us have, are at work.
 * Without the first one nothing goes on: that one is asked for until those of the step before have left.
 */
export const takeConnection = async (database: MasDatabase): Promise<Client> => {
  const pool = poolOf(database)
  const idle = pool.idle.pop()
  if (idle !== undefined) return idle
  if (pool.opened >= database.writers) return waitForOne(pool)
  pool.opened++
  for (let waited = 0; ; waited += AGAIN) {
    try {
      return await openOne(database)
    } catch (error) {
      if (isOutOfConnections(error) && pool.opened > 1) {
        // Who waits already is not woken: it would only ask the server the same again.
        pool.opened--
        return pool.idle.pop() ?? waitForOne(pool)
      }
      if (!isOutOfConnections(error) || waited >= LEAVING) {
        giveUpConnection(database)
        throw error
      }
      await sleep(AGAIN)
    }
  }
}

const openOne = async (database: MasDatabase): Promise<Client> => {
  const client = await database.open(MERGE_APPLICATION, 'read-write')
  await run(client, TUNING)
  await run(client, sql`SELECT set_config('client_connection_check_interval', '500', false)`).catch(() => {})
  await measureRoundTrip(client)
  return client
}

const waitForOne = (pool: Pool): Promise<Client> =>
  new Promise((resolve, reject) => pool.waiting.push({ resolve, reject }))

/** Gives one back, its transaction ended. */
export const giveConnection = (database: MasDatabase, client: Client): void => {
  const pool = poolOf(database)
  const next = pool.waiting.shift()
  if (next === undefined) pool.idle.push(client)
  else next.resolve(client)
}

/** Counts out one that is broken; who waits gets a new one. */
export const giveUpConnection = (database: MasDatabase): void => {
  const pool = poolOf(database)
  pool.opened--
  const next = pool.waiting.shift()
  if (next === undefined) return
  takeConnection(database).then(next.resolve, next.reject)
}
