/** error: a correct migration is impossible. warning: must be acknowledged. notice: good to know. */
export type Severity = 'error' | 'warning' | 'notice'

/** Something an administrator must know. */
export interface Finding {
  /** One of the catalogue's codes, such as `MAS_NOT_EMPTY`. */
  readonly code: string
  readonly severity: Severity
  /** What was found, one sentence, with its numbers. Never a secret. */
  readonly message: string
  /** How many rows or accounts it concerns, when that can be counted. */
  readonly count?: number
  /** A few of them: mxids, provider names, settings. Never a secret. */
  readonly samples?: readonly string[]
  /** What to do: the command, SQL or configuration line to type. */
  readonly remedy: readonly string[]
  /** Set once somebody acknowledged the warning: by `--accept CODE` or by `--accept all-warnings`. */
  readonly accepted?: string
  /** Why, as the mapping says. */
  readonly acceptedBecause?: string
  /**
   * When the acknowledgement ends (ISO 8601, UTC), as the mapping says. Without `accepted` it has ended, and the warning
   * is open again.
   */
  readonly acceptedUntil?: string
}
