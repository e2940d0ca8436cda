import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { readRuns } from './journal.ts'
import { applicationName, endBackendsOf } from './lock.ts'
import { loadSearchPath, undo } from './staging.ts'

export interface Recovery {
  readonly runId: string
  /** What the dead run was doing last. */
  readonly activity: string
  readonly endedBackends: number
}

/**
 * Takes back what a run that died has left: its rows, and the indexes and constraints it had dropped. Only under the
 * lock, so that a living run is never taken for a dead one.
 * @returns undefined where there is nothing to take back.
 */
export const recoverDeadRun = async (control: Client): Promise<Recovery | undefined> => {
  const dead = (await readRuns(control)).find(({ state }) => state === 'loading')
  if (dead === undefined) return undefined
  const endedBackends = await endBackendsOf(control, applicationName(dead.runId))
  const [path] = await run<{ before: string; schemas: readonly string[] }>(
    control,
    sql`SELECT current_setting('search_path') AS before, current_schemas(false) AS schemas`,
  )
  await control.query(loadSearchPath(dead.homeSchema, path?.schemas ?? []))
  await undo(control, dead)
  await run(control, sql`SELECT set_config('search_path', ${path?.before ?? ''}, false)`)
  return { runId: dead.runId, activity: dead.activity, endedBackends }
}
