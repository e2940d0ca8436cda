import type { Relation } from '../accounts/relations.ts'

/**
 * What became of every account. Accounts of the source = created + updated + unchanged + held back + rejected + not
 * attempted.
 */
export interface AccountOutcomes {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly heldBack: number
  readonly rejected: number
  readonly notAttempted: number
  /** Of those held back: to be migrated, but somebody else's name, e-mail or identity is in the way. */
  readonly conflicts: number
  /** Taken away at the target: gone from the source, or, counted as held back too, held back by now. */
  readonly removed: number
}

/** Rows of one relation, of the accounts that changed, by what became of them. */
export interface RelationChanges {
  readonly relation: Relation
  readonly create: number
  readonly update: number
  readonly remove: number
  readonly unchanged: number
  /** Written by us and changed at the target since: left as they are. */
  readonly theirs: number
  /** Not ours, under a key that the source wants: left as they are. */
  readonly foreign: number
}

/** An account by name, with why. */
export interface AccountSample {
  readonly mxid: string
  readonly reason?: string
  /** In words without a secret. */
  readonly message?: string
}

/** What a run that goes on from what is there did, or, in a plan, would do. */
export interface GoneOn {
  /** Accounts that were looked at again: those that changed, are new or are gone, and those that always are. */
  readonly candidates: number
  readonly accounts: AccountOutcomes
  readonly changes: readonly RelationChanges[]
  /** The first of them. */
  readonly rejected: readonly AccountSample[]
  readonly conflicts: readonly AccountSample[]
}

/** Evidence of a run's end. */
export interface RunProof {
  /** Accounts and rows that were compared, column by column. */
  readonly accounts: number
  readonly rows: number
  /** Rows that are not as they should be. */
  readonly wrongRows: number
  /** Keys that should be there, in all tables, and buckets of keys that differ. */
  readonly keys: number
  readonly differingBuckets: number
}
