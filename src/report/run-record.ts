import type { EndedEarlyNote } from './run-parts.ts'

/** What a run's folder holds beside the plan and the report, a line of JSON each. */

/** load: into an empty target. online: aside, as often as one likes. final: in its place. merge: beside its people. rollback: takes one of them back. link: joins accounts with people of Keycloak, or parts them. */
export const RUN_KINDS = ['load', 'online', 'final', 'merge', 'rollback', 'link'] as const

export type RunKind = (typeof RUN_KINDS)[number]

/** Accounts of a batch, or of a run, by what became of them. */
export interface OutcomeCounts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly removed: number
  readonly heldBack: number
  readonly rejected: number
  readonly notAttempted: number
}

/** A line of events.ndjson. */
export type RunEvent = { readonly at: string } & (
  | {
      readonly event: 'started'
      readonly runId: string
      readonly kind: RunKind
      readonly syn2op: string
      /** As it was typed, without passwords. */
      readonly command: readonly string[]
      readonly host: string
      readonly pid: number
      /** Tells the process from a later one of the same number, where the system says so. */
      readonly mark?: string
      /** The unfinished run at the target that this one goes on with. */
      readonly resumes?: string
      /** The only cohort that it looks at. */
      readonly cohort?: string
      /** At most so many accounts, those of the run that it goes on with among them. */
      readonly limit?: number
    }
  | { readonly event: 'phase'; readonly phase: string }
  | { readonly event: 'batch'; readonly ordinal: number; readonly accounts: OutcomeCounts }
  | { readonly event: 'note'; readonly message: string }
  | {
      readonly event: 'finished'
      readonly milliseconds: number
      /** Set where the run ended before all was attempted. */
      readonly endedEarly?: EndedEarlyNote['why']
    }
  | { readonly event: 'failed'; readonly code: string; readonly message: string }
)

/** A line of accounts.ndjson: an account that was not plainly migrated and created, or found unchanged. */
export interface AccountRecord {
  /** NULL where the source's account has no name. */
  readonly mxid: string | null
  readonly decision: 'migrate' | 'hold back' | 'gone' | 'take back'
  /** Why it is held back, or what it conflicts with. */
  readonly reason?: string
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'removed' | 'held back' | 'rejected' | 'not attempted'
  /** The target's own words. */
  readonly message?: string
}
