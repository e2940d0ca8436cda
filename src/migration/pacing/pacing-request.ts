import type { RejectionLimit } from './rejections.ts'

/** What is asked of a run's pace. */
export interface PacingRequest {
  /** Accounts per second. */
  readonly maxRate?: number
  /** How many accounts may be rejected before the run ends early. */
  readonly maxRejected?: RejectionLimit
  /**
   * Listens for the wish to pause, or to go on, from outside; the function is called once for each.
   * @returns what ends the listening.
   */
  readonly onToggle?: (toggle: () => void) => () => void
}
