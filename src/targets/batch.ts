import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { Account } from '../accounts/account.ts'
import type { ReasonCode } from '../accounts/reasons.ts'

/** The source with its decision made: what a target's SQL selects from. */
export interface DecidedSource {
  /** The named queries account, password, threepid, external_id, session, access_token and refresh_token. */
  readonly decisions: RawBuilder<unknown>
  /** Connections within one snapshot of the source. */
  readonly readers: readonly Client[]
}

/** What was decided about an account of a batch. `gone`: written by an earlier run, and no longer in the source. */
export type AccountDecision =
  | { readonly mxid: string; readonly decision: 'migrate' }
  | { readonly mxid: string; readonly decision: 'hold back'; readonly reason: ReasonCode }
  | { readonly mxid: string; readonly decision: 'gone' }

/** Whole accounts: the unit of work, of commit, of the journal and of resuming. */
export interface Batch {
  /** Counts from 0 within a run. */
  readonly ordinal: number
  /** In the order of their mxid; none twice. */
  readonly accounts: readonly AccountDecision[]
  /** The accounts to migrate with all that is carried of them, read from the source when this is called. */
  read(): Promise<readonly Account[]>
  /** The same rows where they stand, the decision made for these accounts only; absent where the source is no database. */
  readonly source?: DecidedSource
}
