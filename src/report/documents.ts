import type { Relation } from '../accounts/relations.ts'
import type { Finding } from '../findings/finding.ts'
import type { PlanComparison, PlanDrift } from './plan-comparison.ts'
import type { DecidedAccounts, Fingerprints, Forecast, People, PredictionCount, ProviderUse } from './plan-parts.ts'
import type { FieldComparison, Proofs, SyncDeletions } from './proof-parts.ts'
import type { RehearsalDocument } from './rehearsal-document.ts'
import type { RollbackDocument } from './rollback-document.ts'
import type { GoneOn, RunExtras, Stage } from './run-parts.ts'

export type { RehearsalDocument } from './rehearsal-document.ts'

/** Rows left out (or accounts held back), by the code of the reason. */
export interface ReasonCount {
  readonly reason: string
  readonly count: number
}

/**
 * What becomes of one relation's rows. Always read = carried + the sum of left.
 * For accounts, carried means migrated and left means held back.
 */
export interface RelationCount {
  readonly relation: Relation
  readonly read: number
  readonly carried: number
  /** Reasons with a count above 0, the largest first. */
  readonly left: readonly ReasonCount[]
}

/** Accounts of one cohort: how many migrate, and why the others are held back. */
export interface CohortCount extends Omit<RelationCount, 'relation'> {
  readonly cohort: string
  /** A run has begun to migrate it. */
  readonly begun?: true
}

/** One end of the road as it was seen: what, which version, where (without any password). */
export interface EndDescription {
  /** 'Synapse' or 'MAS'. */
  readonly product: string
  /** What is known of its version, such as `schema 94` or `1.22 (167 schema migrations)`. */
  readonly version: string
  /** user@host:port/database. */
  readonly location: string
  /** The PostgreSQL schema that holds its tables; `none` where it is no database. */
  readonly schema: string
  /** The PostgreSQL server's version, such as `15.18`; `none` where it is no database. */
  readonly postgres: string
}

export interface DocumentHead {
  /** Version of this document's format; raised when a reader could misunderstand. */
  readonly format: 1
  /** syn2op's own version. */
  readonly syn2op: string
  readonly serverName: string
  readonly source: EndDescription
  readonly target: EndDescription
  /** The moment that stands for "now" in every decision (ISO 8601, UTC, milliseconds). */
  readonly asOf: string
  readonly findings: readonly Finding[]
}

export interface CheckDocument extends DocumentHead {
  readonly kind: 'check'
}

export interface PlanDocument extends DocumentHead, GoneOn {
  readonly kind: 'plan'
  readonly relations: readonly RelationCount[]
  /** The mapping file and its SHA-256. */
  readonly mapping: { readonly file: string; readonly sha256: string }
  /** Where the target has people already: how the accounts would end, and what would become of their rows. */
  readonly outcomes?: readonly OutcomeCount[]
  readonly changes?: readonly RelationChanges[]
  readonly deletions?: SyncDeletions
  /** Only this cohort was looked at: the rows of its accounts are counted. */
  readonly cohort?: string
  /** All cohorts in their order, the rest last; absent where the mapping names none. */
  readonly cohorts?: readonly CohortCount[]
  readonly providers?: readonly ProviderUse[]
  readonly people?: People
  readonly forecast?: Forecast
  readonly predictions?: readonly PredictionCount[]
  readonly fingerprints?: Fingerprints
  /** Only in a file that `plan --out` writes. */
  readonly decided?: DecidedAccounts
  /** What is new since the plan that the run is bound to. */
  readonly drift?: PlanDrift
  /** What is new since an older plan. */
  readonly comparison?: PlanComparison
}

/** How the accounts of a run ended: all of them are in one of the counts. */
export interface OutcomeCount {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'removed' | 'held back' | 'rejected' | 'not attempted'
  readonly count: number
}

/** Rows of one relation, counted by what became (or would become) of them at the target. */
export interface RelationChanges {
  readonly relation: Relation
  readonly create: number
  readonly update: number
  readonly remove: number
  readonly unchanged: number
  /** Written by us and changed or removed at the target since: left as they are. */
  readonly theirs: number
  /** Not written by us, under a key that the source wants: left as they are. */
  readonly foreign: number
}

/** A part of a run's time. */
export interface PhaseTime {
  /** 'prepare', 'copy', 'keys', 'indexes', 'foreign keys', 'finish'. */
  readonly phase: string
  readonly milliseconds: number
}

/** What one table of the target got. */
export interface TableResult {
  readonly table: string
  readonly relation: Relation
  readonly rows: number
  readonly bytes: number
  readonly milliseconds: number
}

export interface RunDocument extends DocumentHead, RunExtras {
  readonly kind: 'run'
  readonly runId: string
  readonly relations: readonly RelationCount[]
  /** As the plan of the run counted them. */
  readonly cohorts?: readonly CohortCount[]
  readonly mapping: { readonly file: string; readonly sha256: string }
  /** Of a run that is bound to a plan: what is new since. */
  readonly drift?: PlanDrift
  readonly tables: readonly TableResult[]
  /** Counts above 0; absent where the target was empty and everybody who migrates was created. */
  readonly outcomes?: readonly OutcomeCount[]
  /** What became of the rows, of relations that have any; absent as above. */
  readonly changes?: readonly RelationChanges[]
  readonly phases: readonly PhaseTime[]
  readonly milliseconds: number
  /** Peak resident memory of the process, bytes. */
  readonly peakMemory: number
}

/** One row, or side of it, that is not as it should be. */
export interface RowDifference {
  readonly table: string
  /** theirs: as we wrote it no longer, since somebody changed it at the target. That is no fault. */
  readonly kind: 'missing' | 'extra' | 'differs' | 'theirs'
  /** Which row: its natural key in words, tokens and hashes replaced by the row's identifier. */
  readonly row: string
  /** The columns that differ, for the kinds 'differs' and 'theirs'; of a row that is gone none. */
  readonly columns: readonly string[]
}

export interface TableVerification {
  readonly table: string
  readonly relation: Relation
  readonly wanted: number
  readonly present: number
  readonly missing: number
  readonly extra: number
  readonly differing: number
  /** Set where too much differs to look at each row: about how many more rows may differ. */
  readonly unopened?: number
  /**
   * Rows that we wrote and that were changed or removed at the target since, and rows that were put beside them under
   * their keys: no differences. Set where it is on record what we wrote.
   */
  readonly theirs?: number
  /** Rows that no migration wrote, links by `syn2op link` among them: no differences. Set where it is on record what we wrote. */
  readonly foreign?: number
  /** The target shows none of its rows to anybody: they are counted by what was sent, and not proved. */
  readonly unseen?: true
  readonly milliseconds: number
}

export interface VerifyDocument extends DocumentHead {
  readonly kind: 'verify'
  readonly runId: string
  /** Empty where only proofs after the cut-over were asked for. */
  readonly tables: readonly TableVerification[]
  /** The first differences of each table. */
  readonly differences: readonly RowDifference[]
  /** Of a copy that is still brought up to date: accounts whose rows in Synapse have changed since; not compared. */
  readonly changedSince?: number
  /** Accounts that no run has come to, as those of a cohort that waits, or that were taken back; not compared. */
  readonly waiting?: number
  /** The cohorts as they were frozen, and how far each has come; absent where none were. */
  readonly stages?: readonly Stage[]
  /** Accounts that are held back since somebody else's are in their way; not compared. */
  readonly inConflict?: number
  /** Accounts that are not at the target since it would refuse them, as every run says of each; not compared. */
  readonly refused?: number
  readonly fields?: FieldComparison
  readonly deletions?: SyncDeletions
  readonly proofs?: Proofs
}

export type Document =
  | CheckDocument
  | PlanDocument
  | RunDocument
  | VerifyDocument
  | RollbackDocument
  | RehearsalDocument
