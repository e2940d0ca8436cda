import type { LostWork, RollbackTable } from '../report/rollback-document.ts'
import type { DecidedSource } from './batch.ts'
import type { Stoppable } from './target.ts'

/** What is taken back. */
export type RollbackScope =
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'cohort'; readonly name: string }

/** What the source has now, and whether accounts that people have used at the target since go too, with all they did there. */
export type RollbackSource = DecidedSource & Stoppable & { readonly used: 'keep' | 'remove' }

export interface RollbackPlan {
  /** empty: everything goes back to before the first run, byte for byte. accounts: account by account. */
  readonly way: 'empty' | 'accounts'
  /** Runs that are taken back, the newest first; of a cohort none. */
  readonly runs: readonly string[]
  /** Of the accounts that are taken back. */
  readonly tables: readonly RollbackTable[]
  readonly accounts: number
  /** Accounts that people have used at the target since: they stay as they are, or are asked for and among the others. */
  readonly used: number
  readonly lost: readonly LostWork[]
}
