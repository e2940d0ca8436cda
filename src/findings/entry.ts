import type { Counting } from './counting.ts'
import type { Severity } from './finding.ts'

/** What is always true of a finding's code; a finding adds what was seen this time. */
export interface FindingEntry {
  readonly severity: Severity
  /** A few words. */
  readonly title: string
  /** What it means and what would happen, one or two sentences. */
  readonly why: string
  /** What to do in general; a finding says it with names filled in. */
  readonly remedy: string
  /** data: known of what is to be moved. operational: of the moment; `--accept all-warnings` does not cover it. */
  readonly kind: 'data' | 'operational'
  /** The targets to which it matters, as `--target` names them; absent: every one. */
  readonly targets?: readonly string[]
  /** How it is counted in the source; absent: a pure function over what was read finds it. */
  readonly counted?: Counting
}
