import type { RelationChanges } from './documents.ts'
import type { AccountRecord } from './run-record.ts'
import type { RunEntry, Unreached } from './runs-document.ts'

/** What becomes of one row of the source, and why it is left. */
interface Decided {
  readonly decision: 'carry' | 'leave'
  readonly reason?: string
}

/** A row of the source. Times are ISO 8601 in UTC; of hashes and tokens only the kind is told. */
export type ExplainedRow = Decided &
  (
    | { readonly relation: 'password'; readonly form: string }
    | { readonly relation: 'threepid'; readonly medium: string; readonly address: string; readonly addedAt?: string }
    | { readonly relation: 'external_id'; readonly authProvider: string; readonly subject: string }
    | {
        readonly relation: 'session'
        readonly deviceId: string
        readonly displayName?: string
        readonly createdAt?: string
        readonly lastSeenAt?: string
      }
    | {
        readonly relation: 'access_token'
        /** Absent: a token of no device. */
        readonly deviceId?: string
        readonly form: string
        readonly createdAt?: string
        readonly expiresAt?: string
      }
    | {
        readonly relation: 'refresh_token'
        readonly deviceId: string
        readonly form: string
        readonly createdAt?: string
      }
  )

export interface ExplainedAccount {
  readonly decision: 'migrate' | 'hold back'
  readonly reason?: string
  readonly createdAt: string
  readonly admin: boolean
  readonly guest: boolean
  readonly locked: boolean
  readonly deactivated: boolean
  readonly shadowBanned: boolean
  readonly approved: boolean
  readonly expired: boolean
}

/** What stops working, or begins to, once the target is in use. */
export const PREDICTIONS = [
  'account_stays_behind',
  'no_way_to_log_in',
  'password_does_not_fit',
  'identity_ends',
  'password_ends',
  'login_ends',
  'token_ends',
  'device_refused',
  'device_deleted',
  'email_deleted',
  'shadow_ban_ends',
  'opens_unapproved',
  'opens_expired',
] as const

export interface Prediction {
  readonly code: (typeof PREDICTIONS)[number]
  readonly message: string
}

/** Rows of a relation at the target, by what a run would do with them. */
export type RowsAtTarget = RelationChanges

/** What a run would do with the account as the target is now. */
export interface AccountAtTarget {
  readonly change: 'create' | 'update' | 'unchanged' | 'remove' | 'hold back' | 'conflict' | 'reject'
  readonly reason?: string
  readonly against?: string
  readonly message?: string
  readonly rows: readonly RowsAtTarget[]
}

/** A run that knew of the account; without a record: it was not among those that the run lists by name. */
export interface AccountInRun {
  readonly run: Pick<RunEntry, 'runId' | 'state' | 'kind' | 'cohort' | 'startedAt'>
  readonly record?: AccountRecord
}

export interface ExplanationDocument {
  readonly kind: 'explanation'
  readonly format: 1
  readonly syn2op: string
  readonly mxid: string
  readonly serverName: string
  readonly asOf: string
  /** Absent: the source has no account of this name. */
  readonly account?: ExplainedAccount
  /** Its cohort: as it was frozen, else as the mapping has it now. Absent where there are no cohorts. */
  readonly cohort?: { readonly name: string; readonly frozen: boolean }
  readonly rows: readonly ExplainedRow[]
  readonly predictions: readonly Prediction[]
  readonly target: AccountAtTarget | Unreached
  /** The newest first. */
  readonly history: readonly AccountInRun[]
}
