import type { PredictionKind } from '../accounts/predictions.ts'

/** One SSO provider that the source's rows name, or that its configuration has. */
export interface ProviderUse {
  /** As in `user_external_ids.auth_provider`, or as Synapse would write it there. */
  readonly authProvider: string
  /** Rows that name it, and whose accounts migrate. */
  readonly identities: number
  /** Accounts that have one of these identities. */
  readonly accounts: number
  /** Of these accounts, those that have two or more of them. */
  readonly several: number
  /** Synapse's configuration has it, switched on. */
  readonly atHomeserver: boolean
  /** `carry`, under the name `becomes`; `leave`: the mapping says so; `unknown`: no provider of the target takes it. */
  readonly decision: 'carry' | 'leave' | 'unknown'
  /** The target's provider that takes it, by the name that the target knows it by. */
  readonly becomes?: string
  /** What people of the target call that one, where it is another name. */
  readonly called?: string
}

/** How the people of the accounts that migrate, and that are open, can log in afterwards. Each account is in one count. */
export interface WaysToLogIn {
  readonly password: number
  readonly identity: number
  readonly both: number
  /** Neither, but an e-mail address by which the target lets them set a password; absent: nobody. */
  readonly reset?: number
  readonly none: number
}

/** Accounts by when a device of theirs was last seen, counted back from the as-of time. */
export interface LastSeen {
  readonly within: 'a day' | 'a week' | 'a month' | 'three months' | 'a year' | 'longer' | 'never'
  readonly accounts: number
}

/** What the people look like: for plots. Of the accounts that migrate, but guests, closed and locked ones. */
export interface People {
  readonly accounts: number
  readonly waysToLogIn: WaysToLogIn
  readonly lastSeen: readonly LastSeen[]
}

/** How long a run would take: from rates measured on this source and this target, or from what the target allows. */
export interface Forecast {
  /** The whole run. */
  readonly seconds: number
  /** Of these, those during which nobody can log in: without the record of a load, and without a verification. */
  readonly downtimeSeconds: number
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[]
  /** What was measured: rows a second read here and written there. */
  readonly measured: readonly { readonly what: string; readonly rowsPerSecond: number }[]
  /** From what it is told where nothing was measured, such as `the limits of the plan essentials`. */
  readonly basis?: string
  /** How long what may come later would take, for which nobody has to wait: proving the result, and taking it back. */
  readonly afterwards?: readonly { readonly what: LaterWork; readonly seconds: number }[]
}

/** `verify`: proving what is at the target then. `rollback`: taking back what the run made. */
export type LaterWork = 'verify' | 'rollback'

/** Predictions of one kind and one reason. */
export interface PredictionCount {
  readonly what: PredictionKind
  readonly reason: string
  readonly count: number
}

/** By what it is known again whether a plan is still the plan. Each is a SHA-256 in hexadecimal. */
export interface Fingerprints {
  /** The server's name, system identifier and database of the source. */
  readonly source: string
  readonly target: string
  readonly mapping: string
}

/** The decision about every account of the source, or of one cohort, for `migrate --plan`. */
export interface DecidedAccounts {
  /** What a run found at the target: nobody, a copy that stands aside, or people. */
  readonly road: 'load' | 'copy' | 'merge'
  /** What decides about rows beside the mapping. */
  readonly rows: RowRules
  /**
   * Owners (64-bit hashes of Matrix ids, big-endian, in ascending order) in base64, by what becomes of them.
   * A reason of null: they migrate.
   */
  readonly accounts: readonly { readonly reason: string | null; readonly count: number; readonly owners: string }[]
  /**
   * Where the target has people: the accounts that would be created, updated or removed there, or held back since
   * something of somebody else's is in the way. Whoever is in none stays as they are.
   */
  readonly outcomes?: readonly DecidedOutcome[]
}

/** By what the target's configuration decides about rows. */
export interface RowRules {
  /** Which of the target's providers takes the identities of one of Synapse's; null: the mapping leaves them. */
  readonly providers: readonly { readonly authProvider: string; readonly target: string | null }[]
  /** Whatever else, in the target's own words. */
  readonly target: readonly string[]
}

export interface DecidedOutcome {
  readonly outcome: 'created' | 'updated' | 'removed' | 'held back'
  /** Of those held back: what is in the way. */
  readonly reason?: string
  readonly count: number
  readonly owners: string
}
