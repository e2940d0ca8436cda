import type { RunEntry } from '../../report/runs-document.ts'
import type { HeldBy } from '../../report/status.ts'
import type { SqlRoad, TargetHolder } from '../../targets/sql-road.ts'
import { hasEnded, type Started, startOf } from './attempt.ts'
import { diedWithMachine, processLives } from './process-lives.ts'
import type { StoredRun } from './read-run.ts'

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
    return isHolder(started, holder) && !diedWithMachine(started)
  }

const isHolder = ({ pid, host }: Started, holder: Exclude<HeldBy, 'unknown'>): boolean =>
  pid === holder.pid && host.startsWith(holder.host)

/**
 * Who holds the target, where that is no run of these: one that was started from another folder or on another machine, or
 * whose record is gone; or another command.
 */
export const heldByOthers = (at: AtWork | undefined, stored: readonly StoredRun[]): HeldBy | undefined => {
  if (at === undefined || at.holder === 'nobody') return undefined
  const { holder } = at
  const isTheirs = (run: StoredRun): boolean => {
    const started = startOf(run)
    if (started === undefined || hasEnded(run)) return false
    return holder === 'unknown' ? processLives(started) : isHolder(started, holder)
  }
  return stored.some(isTheirs) ? undefined : holder
}

/** A run that only the journal knows passes for the one at work, where somebody is of whom nothing is known here. */
export const withHeld = (entries: readonly RunEntry[], heldBy: HeldBy | undefined): readonly RunEntry[] =>
  entries.map((entry) => {
    if (heldBy === undefined || entry.record !== 'journal' || entry.state !== 'unfinished') return entry
    const { unrecorded: _, ...about } = entry
    return { ...about, state: 'running' }
  })
