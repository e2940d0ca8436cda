import type { RowChanges } from '../changes.ts'
import type { Sent } from './credit.ts'

/**
 * What was sent for accounts by an `apply` that ended without a report: the core tries such a batch again, which then finds done
 * what it did itself. By Matrix id.
 */
export interface Unreported {
  /** What is sent first counts. */
  note(mxid: string, sent: Sent): void
  of(mxid: string): Sent | undefined
  /** These rows of it are about to be written for the sake of another account. */
  touch(mxid: string, rows: readonly RowChanges[]): void
  /** They are not written. */
  spare(mxid: string): void
  /** What has been written of it for the sake of another, or may have been. */
  touched(mxid: string): readonly RowChanges[]
  /** Whether anything may have been written of it. */
  isTouched(mxid: string): boolean
  /** It has turned out that nothing of what was sent for them is done. */
  undo(mxids: readonly string[]): void
  /** All of them are reported now. */
  forget(mxids: readonly string[]): void
  /** An `apply` has ended without a report: whoever is planned for may be there already. */
  fail(): void
  hasFailed(): boolean
}

export const keepUnreported = (): Unreported => {
  const noted = new Map<string, Sent>()
  const touched = new Map<string, readonly RowChanges[]>()
  let hasFailed = false
  return {
    note(mxid, sent) {
      const before = noted.get(mxid)
      if (before?.outcome !== sent.outcome) noted.set(mxid, sent)
    },
    of: (mxid) => noted.get(mxid),
    touch: (mxid, rows) => void touched.set(mxid, rows),
    spare: (mxid) => void touched.delete(mxid),
    touched: (mxid) => touched.get(mxid) ?? [],
    isTouched: (mxid) => noted.has(mxid) || touched.has(mxid),
    undo(mxids) {
      for (const mxid of mxids) noted.delete(mxid)
    },
    forget(mxids) {
      for (const mxid of mxids) {
        noted.delete(mxid)
        touched.delete(mxid)
      }
    },
    fail() {
      hasFailed = true
    },
    hasFailed: () => hasFailed,
  }
}
