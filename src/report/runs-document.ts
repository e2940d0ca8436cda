import type { EndedEarlyNote } from './run-parts.ts'
import type { RunKind } from './run-record.ts'

/**
 * done. running: its process lives. unfinished: it ended before its time, and its work waits at the target to be gone on
 * with or taken back. resumed: a later run went on with it. taken back: the target is as it was before it. failed: it
 * ended with an error.
 */
export const RUN_STATES = ['done', 'running', 'unfinished', 'resumed', 'taken back', 'failed'] as const

export type RunState = (typeof RUN_STATES)[number]

/** One run in a list of them. What neither its folder nor the target's journal says is absent. */
export interface RunEntry {
  readonly runId: string
  readonly state: RunState
  readonly kind?: RunKind
  /** The only cohort that it looks at. */
  readonly cohort?: string
  /** ISO 8601, UTC, milliseconds. */
  readonly startedAt?: string
  /** From its start to its end, or to the last sign of it; where it is at work, until now. */
  readonly milliseconds?: number
  readonly serverName?: string
  /** Product and place, without any password. */
  readonly target?: string
  /** How many accounts its decision migrates. */
  readonly accounts?: number
  /** As it was typed. */
  readonly command?: readonly string[]
  /** Of a rollback: the run or the cohort that it takes back, whatever it was called when it was typed. */
  readonly takesBack?: string
  /** At work: how many accounts it has brought to an end, where it goes on with no other run. */
  readonly done?: number
  /** At work: the process, and its machine. */
  readonly process?: { readonly pid: number; readonly host: string }
  /** At work, and resting: the file that lets it go on once it is removed. */
  readonly paused?: string
  /** Set where it ended before all was attempted. */
  readonly endedEarly?: EndedEarlyNote['why']
  /** A load whose rows are in their place, and in use perhaps, but not on record: it ended in between. */
  readonly unrecorded?: true
  /** It did not end, and its record tells of nothing that it wrote: there is nothing to go on with. */
  readonly nothingWritten?: true
  readonly error?: { readonly code: string; readonly message: string }
  readonly record: 'folder' | 'journal' | 'both'
}

/** What is known of a database that a command would have asked, were it there. */
export interface Unreached {
  readonly code: string
  readonly message: string
}

export interface RunsDocument {
  readonly kind: 'runs'
  readonly format: 1
  readonly syn2op: string
  readonly folder: string
  /** Whether the target's own journal was asked too. */
  readonly journal: 'read' | 'not asked' | Unreached
  /** The newest first. */
  readonly runs: readonly RunEntry[]
}
