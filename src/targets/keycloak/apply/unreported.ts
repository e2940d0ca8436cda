import type { Outcome, RowChanges } from '../../changes.ts'

/** What was sent for an account and may have been done. */
export interface Sent {
  readonly outcome: 'created' | 'updated' | 'removed'
  readonly rows: readonly RowChanges[]
}

/**
 * What was sent for accounts by an `apply` that ended without a report: the core tries such a batch again, which then finds done
 * what it did itself. By Matrix id.
 */
export interface Unreported {
  note(mxid: string, sent: Sent): void
  /** The outcome of an account once what was sent for it before counts as this try's. */
  counted(outcome: Outcome, seen: { readonly isThere: boolean; readonly isOfThisRun: boolean }): Outcome
  /** All of them are reported now. */
  forget(mxids: readonly string[]): void
  /** An `apply` has ended without a report: whoever is planned for may be there already. */
  fail(): void
  hasFailed(): boolean
}

export const keepUnreported = (): Unreported => {
  const noted = new Map<string, Sent>()
  let hasFailed = false
  return {
    note: (mxid, sent) => void noted.set(mxid, sent),
    counted(outcome, { isThere, isOfThisRun }) {
      const sent = noted.get(outcome.mxid)
      if (sent === undefined) return outcome
      const { mxid } = outcome
      const isSettled = outcome.outcome === 'unchanged' || outcome.outcome === 'updated'
      if (sent.outcome === 'created' && isSettled && isOfThisRun) return { mxid, ...sent }
      if (sent.outcome === 'updated' && outcome.outcome === 'unchanged') return { mxid, ...sent }
      const isAway = outcome.outcome === 'unchanged' || outcome.outcome === 'held back'
      if (sent.outcome === 'removed' && isAway && !isThere) return { mxid, ...sent }
      return outcome
    },
    forget(mxids) {
      for (const mxid of mxids) noted.delete(mxid)
    },
    fail() {
      hasFailed = true
    },
    hasFailed: () => hasFailed,
  }
}
