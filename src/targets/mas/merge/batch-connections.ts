import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { MERGE_APPLICATION } from '../load/lock.ts'
import type { MasDatabase } from '../mas-database.ts'
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
  /** While the first one is being opened: another one that was quicker would take its place at the server. */
  first?: Promise<unknown> | undefined
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

/** Lends a connection; waits for one where as many as the target may use, or as the server lets us have, are at work. */
export const takeConnection = async (database: MasDatabase): Promise<Client> => {
  const pool = poolOf(database)
  const idle = pool.idle.pop()
  if (idle !== undefined) return idle
  if (pool.first !== undefined) {
    await pool.first
    return takeConnection(database)
  }
  if (pool.opened >= database.writers) return waitForOne(pool)
  pool.opened++
  const opening = tuned(database, pool)
  if (pool.opened === 1) {
    pool.first = Promise.allSettled([opening]).then(() => {
      pool.first = undefined
    })
  }
  const client = await opening.catch((error: unknown) => {
    giveUpConnection(database)
    throw error
  })
  if (client !== undefined) return client
  // Who waits already is not woken: it would only ask the server the same again.
  pool.opened--
  return pool.idle.pop() ?? (pool.opened === 0 ? takeConnection(database) : waitForOne(pool))
}

/** The first one is needed, for without it nothing goes on; another one is not. */
const tuned = async (database: MasDatabase, pool: Pool): Promise<Client | undefined> => {
  const client = await (pool.opened === 1
    ? database.open(MERGE_APPLICATION, 'read-write')
    : database.openIfFree(MERGE_APPLICATION, 'read-write'))
  if (client === undefined) return undefined
  try {
    await run(client, TUNING)
    await run(client, sql`SELECT set_config('client_connection_check_interval', '500', false)`).catch(() => {})
    await measureRoundTrip(client)
    return client
  } catch (error) {
    await endQuietly(client)
    throw error
  }
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

/** Counts out one that is broken, and ends what is left of it; who waits gets a new one. */
export const giveUpConnection = (database: MasDatabase, broken?: Client): void => {
  if (broken !== undefined) void endQuietly(broken)
  const pool = poolOf(database)
  pool.opened--
  const next = pool.waiting.shift()
  if (next === undefined) return
  takeConnection(database).then(next.resolve, next.reject)
}

/** Ends those that no batch is at work on. */
export const closeIdle = async (database: MasDatabase): Promise<void> => {
  const pool = poolOf(database)
  const idle = pool.idle.splice(0)
  pool.opened -= idle.length
  await Promise.all(idle.map(endQuietly))
}

const endQuietly = (client: Client): Promise<void> => client.end().catch(() => {})
