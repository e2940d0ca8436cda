import type { RunEvent } from '../../report/run-record.ts'
import type { StoredRun } from './read-run.ts'

export type Started = Extract<RunEvent, { event: 'started' }>

/** What happened since it was begun or, the last time, gone on with. */
export const lastAttempt = ({ events }: Pick<StoredRun, 'events'>): readonly RunEvent[] =>
  events.slice(
    Math.max(
      0,
      events.findLastIndex(({ event }) => event === 'started'),
    ),
  )

export const startOf = (run: Pick<StoredRun, 'events'>): Started | undefined =>
  lastAttempt(run).find((event): event is Started => event.event === 'started')

/** Whether it says itself how it ended. */
export const hasEnded = (run: Pick<StoredRun, 'events'>): boolean =>
  lastAttempt(run).some(({ event }) => event === 'finished' || event === 'failed')

/** In these a run decides, or enters itself: of people nothing is written yet. */
const BEFORE_WRITING: readonly string[] = ['decide', 'begin']

/**
 * Whether a run that did not end had written nothing, nor a run that it goes on with, as far as its record says: there is
 * nothing to resume, and its command does all.
 */
export const wroteNothing = (run: Pick<StoredRun, 'events'>): boolean => {
  const started = startOf(run)
  if (started === undefined || started.resumes !== undefined) return false
  if (started.kind === 'rollback' || started.kind === 'link') return false
  return lastAttempt(run).every(
    (event) => event.event !== 'batch' && (event.event !== 'phase' || BEFORE_WRITING.includes(event.phase)),
  )
}

/** Whether two runs are of one homeserver into one target. */
export const haveSameEnds = (one: StoredRun, other: StoredRun): boolean => endsOf(one) === endsOf(other)

const endsOf = ({ plan, rollback }: StoredRun): string => {
  const { serverName, target } = plan ?? rollback ?? {}
  return JSON.stringify([serverName, target?.product, target?.location])
}
