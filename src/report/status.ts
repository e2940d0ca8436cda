import type { NextStep } from './next-steps.ts'
import type { Stage } from './run-parts.ts'
import type { RunEntry, Unreached } from './runs-document.ts'

export interface SourceStatus {
  readonly location: string
  /** Version of the PostgreSQL server. */
  readonly postgres: string
  readonly replica: boolean
  /** Who else is connected to the database: where anybody is, Synapse may run. */
  readonly connections: readonly string[]
}

/**
 * empty: no rows of people. online: our copy stands aside, and nobody uses it. migrated: rows of ours are in place.
 * people: rows of people, none of them ours. unknown: the target cannot say.
 */
export type TargetState = 'empty' | 'online' | 'migrated' | 'people' | 'unknown'

/** Who keeps other runs away from a target. unknown: their session does not say whose it is. */
export type HeldBy = 'unknown' | { readonly pid: number; readonly host: string }

/** What has become of the passwords of the accounts that were moved. */
export interface Upgraded {
  /** The target has hashed it anew, after a login or since its owner changed it. */
  readonly anew: number
  /** Still the hash of Synapse. */
  readonly asMoved: number
  readonly without: number
}

export interface TargetStatus {
  readonly product: string
  readonly location: string
  readonly state: TargetState
  /** The as-of time of the last finished run, ISO 8601. A state `online` without it: a first run has not ended. */
  readonly since?: string
  /** True once `migrate --final` ended. */
  readonly final: boolean
  /** The newest run of which what it wrote in the copy was found wrong, or not all of it was compared. */
  readonly unproved?: string
  /** The newest run at the target, where it did not end. */
  readonly unfinished?: { readonly runId: string; readonly left: 'open' | 'taken back' }
  /** Where `--upgraded` asked: what has become of the passwords that were moved. */
  readonly passwords?: Upgraded
  /** Somebody is at work there of whom the folder of the runs knows nothing. */
  readonly heldBy?: HeldBy
}

/** Accounts of the source against those on record at the target. */
export interface ChangedSince {
  /** New, or not as they were when they were last written. */
  readonly changed: number
  readonly gone: number
  readonly unchanged: number
  /** Accounts of cohorts that no run has begun; they are not among the changed ones. */
  readonly waiting: number
}

export interface StatusDocument {
  readonly kind: 'status'
  readonly format: 1
  readonly syn2op: string
  /** The folder of the runs. */
  readonly folder: string
  readonly source: SourceStatus | Unreached | 'not asked'
  readonly target: TargetStatus | Unreached | 'not asked'
  /** The cohorts as they were frozen, in their order; absent where none were. */
  readonly stages?: readonly Stage[]
  /** What the cut-over still has to bring over; only where a copy stands aside and both databases answer. */
  readonly changedSince?: ChangedSince
  /** The newest first, a few of them. */
  readonly runs: readonly RunEntry[]
  readonly next: readonly NextStep[]
}
