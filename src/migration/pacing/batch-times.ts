import type { Outcome, Waits } from '../../targets/changes.ts'
import type { BatchTimes } from './pace.ts'

export interface DoneBatch {
  readonly outcomes: readonly Outcome[]
  /** Milliseconds in which its accounts were read or scoped at the source. */
  readonly reading: number
  /** Milliseconds from then to its end: its plan, its apply, and what proves it. */
  readonly writing: number
  /** What of the writing was no work of the target. */
  readonly waited?: Waits | undefined
}

/**
 * Where a batch's time went. A target that reads rows from the source itself, as one that is filled by SQL does while it
 * plans, says how long it waited for them: that is the source's time. All else of plan and apply is the target's.
 */
export const batchTimes = ({ outcomes, reading, writing, waited = {} }: DoneBatch): BatchTimes => {
  const { source = 0, network = 0, quota = 0 } = waited
  return {
    accounts: outcomes.filter(({ outcome }) => outcome !== 'not attempted').length,
    rejected: outcomes.filter(({ outcome }) => outcome === 'rejected').length,
    source: reading + source,
    target: Math.max(0, writing - source - network - quota),
    network,
    quota,
  }
}

/** Of a batch that failed: nothing is learnt from it. */
export const FAILED_BATCH: BatchTimes = { accounts: 0, rejected: 0, source: 0, target: 0 }
