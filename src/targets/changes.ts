import type { OutcomeCount, RelationChanges } from '../report/documents.ts'

/**
 * What a target would do with an account: `create`, `update` (rows of it are created, changed or removed), `unchanged`,
 * `remove` (it is gone from the source, or is held back by now; all of it is still as we wrote it), `hold back` (as
 * decided; nothing of it is at the target), `conflict` (somebody else's is in the way: nothing of it is written), `reject`
 * (the target would refuse it: `rows` are those that would be missing).
 */
export type ChangeKind = 'create' | 'update' | 'unchanged' | 'remove' | 'hold back' | 'conflict' | 'reject'

/** Why an account, or one of its rows, meets what is somebody else's. */
export const CONFLICTS = {
  username_taken: 'the target has an account of this name that syn2op did not write',
  email_taken: 'the e-mail belongs to another account at the target',
  identity_taken: 'the SSO identity is linked to another account at the target',
  token_taken: 'the token belongs to another session at the target',
} as const

export type ConflictCode = keyof typeof CONFLICTS

/** Rows of one relation of an account, counted by what becomes of them. */
export type RowChanges = RelationChanges

export interface AccountChange {
  readonly mxid: string
  readonly change: ChangeKind
  /** Of a conflict its code, of an account held back its reason. */
  readonly reason?: string
  /** Of a conflict: who is in the way, in words without a secret. */
  readonly against?: string
  /** Of what the target would refuse: why, in words without a secret. */
  readonly message?: string
  /** What is in the way is of an account of ours that has not had its turn: it may be gone by the end of the run. */
  readonly waits?: true
  /** Relations of which the account has rows. */
  readonly rows: readonly RowChanges[]
}

/**
 * What a target would do with one batch. `apply` takes it and nothing else, so a dry run and a run cannot disagree.
 * Whoever does not apply it discards it.
 */
export interface Changes {
  readonly batch: number
  /** Every account of the batch once, in its order. */
  readonly accounts: readonly AccountChange[]
  /** Gives up whatever the target holds for these changes. */
  discard(): Promise<void>
  /** How long planning and applying these changes has waited for others than the target; absent: nobody knows. */
  waited?(): Waits
}

/** Milliseconds, each counted once; what is absent is none. */
export interface Waits {
  /** For rows that the target reads from the source itself. */
  readonly source?: number
  /** For questions and answers on their way. */
  readonly network?: number
  /** For a service that allows only so much in a time. */
  readonly quota?: number
}

/**
 * Of an account in a run. `held back`: decided so, or by a conflict. `rejected`: the target refused it, in `message`
 * its own words without a secret. `not attempted`: the run ended before, or it waits for another account. `removed`: no
 * longer in the source.
 */
export type OutcomeKind = OutcomeCount['outcome']

/** In the order in which they are told. */
export const OUTCOMES: readonly OutcomeKind[] = [
  'created',
  'updated',
  'unchanged',
  'removed',
  'held back',
  'rejected',
  'not attempted',
]

/** How an account ends by its plan. */
export const OUTCOME_OF: Readonly<Record<ChangeKind, OutcomeKind>> = {
  'create': 'created',
  'update': 'updated',
  'unchanged': 'unchanged',
  'remove': 'removed',
  'hold back': 'held back',
  'conflict': 'held back',
  'reject': 'rejected',
}

export interface Outcome {
  readonly mxid: string
  readonly outcome: OutcomeKind
  /** Of what is `not attempted`: something was begun for it all the same, and nobody knows whether it is done. Absent: nothing was. */
  readonly unclear?: true
  readonly reason?: string
  readonly message?: string
  readonly rows: readonly RowChanges[]
}
