import type { EndedEarlyNote } from '../../report/run-parts.ts'
import type { Bound } from '../../targets/progress.ts'
import type { BatchSoFar } from '../../targets/target.ts'

/**
 * What a batch took, in milliseconds, each of them counted once: reading it at the source; planning and writing it at
 * the target; waiting for answers on their way; waiting for a quota of the target.
 */
export interface BatchTimes {
  readonly accounts: number
  readonly rejected: number
  readonly source: number
  readonly target: number
  readonly network?: number
  readonly quota?: number
}

/** Why a run began no further batch: a person asked it to stop, too many accounts were rejected. */
export type EndedEarly = EndedEarlyNote['why']

/**
 * Says when the next batch of a run may begin, and whether any may. One for all lanes of a run: it holds the rate, the
 * pause and the number of batches at work, and learns from how long each took.
 */
export interface Pace {
  /**
   * Waits until a batch of so many accounts may begin.
   * `stop`: nothing more begins; what is under way is finished.
   * @throws the signal's reason once it is aborted.
   */
  turn(accounts: number, signal: AbortSignal): Promise<'go' | 'stop'>
  /** A batch that had its turn has ended, well or not. */
  done(batch: BatchTimes): void
  /** How many accounts a batch should have, where a target takes this many at most: no more than the rate allows a second. */
  batchSize(most: number): number
  /** Whether a batch at work, of which so much has come about, had better leave the rest: the run ends early then. */
  enough(soFar: BatchSoFar): boolean
  /** Set once `turn` has answered `stop`, or `enough` true. */
  ended(): EndedEarly | undefined
  /** Undefined until enough is known. */
  bound(): Bound | undefined
}

/** Never waits. */
export const freePace: Pace = {
  turn: async (_, signal) => {
    signal.throwIfAborted()
    return 'go'
  },
  done: () => {},
  batchSize: (most) => most,
  enough: () => false,
  ended: () => undefined,
  bound: () => undefined,
}
