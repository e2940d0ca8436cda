import type { Relation } from '../accounts/relations.ts'
import type { DocumentHead, OutcomeCount } from './documents.ts'

/** Rows of one table of the target that a rollback takes back. */
export interface RollbackTable {
  readonly table: string
  readonly relation: Relation
  /** Created by what is taken back, and still as we wrote them. */
  readonly remove: number
  /** Changed by what is taken back: they return to what they were before. */
  readonly restore: number
  /** Changed by it, whose state before the source no longer has: such a session, token, password or identity ends. */
  readonly endForGood: number
  /** Changed by it, and left as they are: the source no longer gives them what they were, nor would they have to end. */
  readonly stay: number
  /** Ours, and changed at the target since: with their account they go, or stay. */
  readonly theirs: number
}

/** What people did at the target since, which goes with their accounts. */
export interface LostWork {
  /** In words: `browser sessions begun or added at MAS`. */
  readonly what: string
  readonly count: number
  /** The first accounts that lose it. */
  readonly samples: readonly string[]
}

/** What taking back a run or a cohort would do, or did. */
export interface RollbackDocument extends DocumentHead {
  readonly kind: 'rollback'
  readonly of: { readonly kind: 'run' | 'cohort'; readonly name: string }
  /** The rollback's own; absent while it is only shown. */
  readonly runId?: string
  /** empty: the target goes back to before the first run, byte for byte. accounts: account by account. */
  readonly way: 'empty' | 'accounts'
  /** Runs that are taken back; of a cohort none. */
  readonly runs: readonly string[]
  readonly accounts: number
  /** Where these are none: which runs created the accounts that are there, the newest first. */
  readonly standing?: readonly { readonly runId: string; readonly accounts: number }[]
  /** Accounts that people have used at the target since. */
  readonly used: number
  /** Whether these stay as they are, or go with the others. */
  readonly usedAccounts: 'keep' | 'remove'
  /** Of the accounts that are taken back; empty where the target does not tell its rows. */
  readonly tables: readonly RollbackTable[]
  readonly lost: readonly LostWork[]
  /** Of a target that is asked account by account: how they ended. */
  readonly outcomes?: readonly OutcomeCount[]
  /** How long it is expected to take; absent where nobody knows. */
  readonly expectedMilliseconds?: { readonly least: number; readonly most: number }
  readonly milliseconds?: number
}
