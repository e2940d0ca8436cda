import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { TargetHolder } from '../../sql-road.ts'
import { targetLocked } from './load-errors.ts'

/** What a connection that writes batches names itself by: only who holds the lock has one. */
export const MERGE_APPLICATION = 'syn2op merge'

/** Any number that no other program picks; the lock is per database. */
const LOCK = 0x73796e326f70

/** Every connection of a run names it, so that its backends are found after it died. */
export const applicationName = (runId: string): string => `syn2op ${runId}`

/** Of the connection that holds the lock: whose it is, for whoever is kept away. A server keeps 63 bytes of it. */
export const ownerName = (): string => `syn2op ${process.pid}@${hostname()}`

/** How often a server looks whether the client it works for is still there, and how long we wait for it to notice. */
const LOOK_MS = 500
const PATIENCE_MS = 3000

/**
 * Lets the server end this session soon after our process dies, even while its statement waits for a lock: until then
 * it would hold the lock of a run that nobody lives to finish. Not every platform can; there the statement ends first.
 * Source: PostgreSQL documentation, client_connection_check_interval (since 14).
 */
const endWithUs = async (client: Client): Promise<void> => {
  await run(client, sql`SELECT set_config('client_connection_check_interval', ${String(LOOK_MS)}, false)`).catch(
    () => {},
  )
}

const tryLock = async (client: Client): Promise<boolean> => {
  const [row] = await run<{ locked: boolean }>(client, sql`SELECT pg_try_advisory_lock(${LOCK}::bigint) AS locked`)
  return row?.locked === true
}

/** The sessions that hold it. */
const HOLDERS = sql`
  pg_locks l
  JOIN pg_stat_activity s ON s.pid = l.pid AND l.locktype = 'advisory' AND l.granted
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (l.classid::bigint << 32 | l.objid::bigint) = ${LOCK}::bigint
`

/** Who holds the lock now: every command takes it that works with the database, but for those that only look. */
export const lockHolder = async (client: Client): Promise<TargetHolder> => {
  const [session] = await run<{ name: string | null }>(client, sql`SELECT s.application_name AS name FROM ${HOLDERS}`)
  if (session === undefined) return 'nobody'
  const [, pid, host] = /^syn2op (\d+)@(.+)$/u.exec(session.name ?? '') ?? []
  return pid === undefined || host === undefined ? 'unknown' : { pid: Number(pid), host }
}

/**
 * Takes the lock that keeps two runs apart, for as long as the connection lives. Waits a little for one that a process
 * which has just died still holds.
 * @throws Syn2opError target.locked, naming who holds it.
 */
export const lockTarget = async (client: Client): Promise<void> => {
  await endWithUs(client)
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    if (await tryLock(client)) return
    if (performance.now() > deadline) break
    await sleep(100)
  }
  const owners = await run<{ owner: string }>(
    client,
    sql`
      SELECT format(
        '%s, since %s, connected from %s (session %s of the server)',
        coalesce(
          'process ' || replace(substring(s.application_name FROM '^syn2op ([0-9]+@.+)$'), '@', ' on '),
          nullif(s.application_name, ''),
          'unknown program'
        ),
        to_char(s.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'),
        coalesce(host(s.client_addr), 'this machine'),
        s.pid
      ) AS owner
      FROM ${HOLDERS}
    `,
  )
  throw targetLocked(owners.map(({ owner }) => owner).join('; ') || 'it cannot be seen who')
}

/**
 * Ends the backends that a dead run left behind (one may still build an index, or hold rows that it wrote) and waits until
 * they are gone. Only under the lock, so that they are nobody's who lives.
 * Those of a role that ours may not end are left: the server ends them when it sees that their client is gone.
 * Whom to end is settled before anybody is ended: in one WHERE, PostgreSQL would call pg_terminate_backend first, and
 * so end every session on the server that our role may end.
 * @param name what they named themselves by.
 * @returns how many there were.
 */
export const endBackendsOf = async (client: Client, name: string): Promise<number> => {
  const theirs = sql`
    application_name = ${name} AND datname = current_database() AND pid <> pg_backend_pid()
    AND pg_has_role(usesysid, 'USAGE')
  `
  const ended = await run<{ pid: number }>(
    client,
    sql`
      WITH dead AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE ${theirs})
      SELECT pid FROM dead WHERE pg_terminate_backend(pid)
    `,
  )
  for (let left = ended.length; left > 0; ) {
    await run(client, sql`SELECT pg_sleep(0.05)`)
    const [row] = await run<{ count: number }>(
      client,
      sql`SELECT count(*) AS count FROM pg_stat_activity WHERE ${theirs}`,
    )
    left = row?.count ?? 0
  }
  return ended.length
}
