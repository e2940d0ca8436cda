import type { RunEvent } from '../../report/run-record.ts'
import type { SqlRoad, TargetHolder } from '../../targets/sql-road.ts'
import { processLives } from './process-lives.ts'
import type { StoredRun } from './read-run.ts'

type Started = Extract<RunEvent, { event: 'started' }>

/** What a target says of who works at it now. */
export interface AtWork {
  /** As the documents of its runs name it. */
  readonly location: string
  readonly holder: TargetHolder
}

/** Undefined where the target cannot say. */
export const lookAtWork = async (road: SqlRoad | undefined, location: string): Promise<AtWork | undefined> => {
  const holder = await road?.holder?.()
  return holder === undefined ? undefined : { location, holder }
}

/**
 * Whether a run is at work. Of runs into the target that was asked, the target knows it: while a run works, it keeps others
 * away, from whichever machine. Of others, this machine knows which processes it has.
 */
export const runLives =
  (at: AtWork | undefined) =>
  (started: Started, { plan, rollback }: StoredRun): boolean => {
    if (at === undefined || (plan ?? rollback)?.target.location !== at.location) return processLives(started)
    const { holder } = at
    if (holder === 'nobody') return false
    if (holder === 'unknown') return processLives(started)
    return started.pid === holder.pid && started.host.startsWith(holder.host)
  }
