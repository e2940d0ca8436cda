import type { PlanDocument, RunDocument, VerifyDocument } from './documents.ts'
import type { RollbackDocument } from './rollback-document.ts'

/** One step, such as `migrate`: how long it took, and how it ended. */
export interface RehearsalStep {
  readonly step: string
  readonly milliseconds: number
  readonly outcome: 'ok' | 'failed' | 'skipped'
  /** Why it failed or was skipped, in a sentence. */
  readonly why?: string
}

/** An error that ended the rehearsal, after the plan was made. */
export interface RehearsalFailure {
  readonly step: string
  /** Of `src/errors`. */
  readonly code: string
  readonly message: string
  readonly problems?: readonly string[]
  readonly next?: readonly string[]
}

/** What the rehearsal could not show, and why: one sentence. */
export interface RehearsalUnproved {
  readonly what: 'logins' | 'tokens' | 'sso' | 'rollback'
  readonly why: string
}

/** How long the real night is expected to be. */
export interface Night {
  /** For how many accounts, and rows of all relations, that is. */
  readonly accounts: number
  readonly rows: number
  readonly milliseconds: { readonly least: number; readonly most: number }
  /** Where it is from, in a sentence or two. */
  readonly basis: string
}

/** The whole procedure on services that are thrown away: what was done, what it came to, and each step's own document. */
export interface RehearsalDocument {
  readonly kind: 'rehearsal'
  readonly format: 1
  readonly syn2op: string
  /** Of its lease. */
  readonly id: string
  /** Whose people were moved: made up, masked, or the homeserver's own, which was only read. */
  readonly people: { readonly kind: 'demo' | 'sample' | 'real'; readonly what: string }
  /** On what, for people: `PostgreSQL 18.4 in a container`. */
  readonly services: readonly string[]
  readonly verdict: 'passed' | 'failed'
  /** In the order in which they were done. */
  readonly steps: readonly RehearsalStep[]
  readonly failure?: RehearsalFailure
  readonly unproved: readonly RehearsalUnproved[]
  /** Codes of warnings that the real night will ask to be accepted. */
  readonly toAccept: readonly string[]
  readonly plan: PlanDocument
  readonly run?: RunDocument
  readonly verify?: VerifyDocument
  /** The verification after the cut-over: only its `proofs` say anything. */
  readonly proofs?: VerifyDocument
  readonly rollback?: RollbackDocument
  /** Whether a plan made after the rollback is the first one again: the target is as it was. */
  readonly again?: { readonly same: boolean; readonly differences: readonly string[] }
  readonly night?: Night
  /** What was left running, where that was asked for, and how to end it. */
  readonly kept?: { readonly folder: string; readonly files: readonly string[]; readonly end: string }
}
