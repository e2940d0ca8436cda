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
  /** The same for targets where it is something else, by their names. */
  readonly remedyAt?: Readonly<Record<string, string>>
  /** Absent: something may have to be done. false: nothing, however the remedy of the moment says so. */
  readonly asks?: false
  /** data: known of what is to be moved. operational: of the moment; `--accept all-warnings` does not cover it. */
  readonly kind: 'data' | 'operational'
  /** What its samples are. Absent: people, or what belongs to them. things: settings, tables, files, providers, patterns. */
  readonly names?: 'things'
  /** The targets to which it matters, as `--target` names them; absent: every one. */
  readonly targets?: readonly string[]
  /** How it is counted in the source; absent: a pure function over what was read finds it. */
  readonly counted?: Counting
}
