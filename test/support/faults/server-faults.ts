import { setTimeout as sleep } from 'node:timers/promises'
import { ourSessions } from '../target-state.ts'
import type { Fault } from './disturb.ts'
import type { FaultRoad, FaultySide } from './fault-road.ts'
import { slowDown } from './network-faults.ts'

type Side = 'source' | 'target'

const sideOf = (road: FaultRoad, side: Side): FaultySide => {
  const found = road[side]
  if (found === undefined) throw new Error(`${road.name} has no database as its ${side}`)
  return found
}

const sides = ({ source, target }: FaultRoad): readonly FaultySide[] =>
  target === undefined ? [source] : [source, target]

/** `immediate`: as if it had crashed. */
export const restart = (side: Side, mode: 'fast' | 'immediate'): Fault => ({
  name: `the ${side}'s server is restarted (${mode})`,
  strike: async ({ road }) => {
    const { postgres, database } = sideOf(road, side)
    const sessions = await ourSessions(postgres, [database])
    await postgres.restart(mode)
    return sessions.length > 0 ? 'hit' : 'missed'
  },
  ends: 'told',
})

/** As an administrator, or a time limit that syn2op does not know of, would. */
export const cancelStatements = (side: Side): Fault => ({
  name: `statements at the ${side} are cancelled`,
  strike: async ({ road, run }) => {
    const { postgres, database } = sideOf(road, side)
    const cancel = `SELECT count(pg_cancel_backend(pid))::integer AS n FROM pg_stat_activity
      WHERE datname = '${database}' AND application_name LIKE 'syn2op%' AND state = 'active'`
    for (let cancelled = 0; cancelled < 3 && !run.hasEnded(); await sleep(5)) {
      cancelled += Number((await postgres.execute('postgres', cancel))[0]?.['n'])
    }
    // Whether the statement was still there is seen by the run's end only.
    return 'hit'
  },
  ends: 'told',
})

/** Not every server has all of them. */
const LIMITS = `SELECT name FROM pg_settings WHERE name IN (
  'statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout', 'idle_session_timeout', 'transaction_timeout')`

/** Longer than a busy machine may need from the begin of a session to the statement that lifts them. */
const LIMIT_MS = 400

/** Time limits of the role, which nobody has lifted for a migration; over a line on which all takes longer. */
export const timeLimits: Fault = {
  name: `the roles have time limits of ${LIMIT_MS} ms`,
  prepare: async (road) => {
    for (const { postgres } of sides(road)) {
      const limits = await postgres.execute('postgres', LIMITS)
      const set = limits.map(({ name }) => `ALTER ROLE postgres SET ${String(name)} = '${LIMIT_MS}ms'`)
      await postgres.execute('postgres', ...set)
    }
  },
  strike: async ({ road, run }) => {
    const from = performance.now()
    slowDown(road, 300_000)
    await run.ended
    // Its snapshot of the source alone would have been ended, as idle.
    return performance.now() - from > 2 * LIMIT_MS ? 'hit' : 'missed'
  },
  heal: async (road) => {
    for (const { postgres, network } of sides(road)) {
      network.heal()
      await postgres.execute('postgres', 'SET statement_timeout = 0', 'ALTER ROLE postgres RESET ALL')
    }
  },
  ends: 'well',
}

/** Somebody locks rows that the run wants, and then wants what the run has; the server lets the run fail. */
export const deadlock: Fault = {
  name: 'a deadlock with somebody else at the target, which the run loses',
  prepare: async (road) => {
    const { postgres, database } = sideOf(road, 'target')
    const other = await postgres.superuser(database)
    await other.query(`SET application_name = 'psql'`)
    // The other one looks for deadlocks much later than the run.
    await other.query(`SET deadlock_timeout = '1min'`)
    await other.query('BEGIN')
    await other.query('SELECT FROM compat_sessions FOR UPDATE')
    others.set(road.name, other)
  },
  strike: async ({ road, run }) => {
    const { postgres } = sideOf(road, 'target')
    const other = others.get(road.name)
    if (other === undefined) throw new Error('Nobody is there for a deadlock')
    const waiting = `SELECT FROM pg_locks l JOIN pg_stat_activity USING (pid) WHERE NOT l.granted AND application_name LIKE 'syn2op%'`
    const before = await deadlocks(road)
    while (!run.hasEnded() && (await postgres.execute('postgres', waiting)).length === 0) await sleep(1)
    await other.query('SELECT FROM users FOR UPDATE')
    await other.query('ROLLBACK')
    while (!run.hasEnded() && (await deadlocks(road)) === before) await sleep(100)
    return (await deadlocks(road)) === before ? 'missed' : 'hit'
  },
  heal: async (road) => {
    await others.get(road.name)?.end()
    others.delete(road.name)
  },
  ends: 'well',
}

const others = new Map<string, Awaited<ReturnType<FaultySide['postgres']['superuser']>>>()

const deadlocks = async (road: FaultRoad): Promise<number> => {
  const { postgres, database } = sideOf(road, 'target')
  const [row] = await postgres.execute(
    'postgres',
    `SELECT deadlocks FROM pg_stat_database WHERE datname = '${database}'`,
  )
  return Number(row?.['deadlocks'])
}
