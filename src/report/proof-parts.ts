/** A device or an e-mail that Synapse would lose. */
export interface SyncDeletion {
  readonly mxid: string
  readonly what: 'device' | 'email'
  /** The device's id or the address. */
  readonly name: string
  /** The code of the reason: why the row was left, or what became of it at the target. */
  readonly reason: string
}

/** What the target would make Synapse delete when it next syncs every user. */
export interface SyncDeletions {
  readonly devices: number
  readonly emails: number
  /** Those with a count above 0, the largest first. */
  readonly reasons: readonly {
    readonly what: SyncDeletion['what']
    readonly reason: string
    readonly count: number
  }[]
  /** The first of them; the whole list is the report `predictions`. */
  readonly samples: readonly SyncDeletion[]
}

/** One field of a row, or a whole row, that is not as it should be. */
export interface FieldDifference {
  readonly table: string
  readonly kind: 'missing' | 'extra' | 'differs'
  readonly row: string
  /** Which field, for kind 'differs'. */
  readonly field?: string
  /** Both values as text; absent for a secret. */
  readonly wanted?: string | null
  readonly present?: string | null
}

/** Accounts chosen at random, each field of their rows compared apart from all hashing. */
export interface FieldComparison {
  /** Chooses the same accounts again. */
  readonly seed: string
  readonly accounts: number
  readonly rows: number
  readonly fields: number
  readonly differences: readonly FieldDifference[]
}

/** What one token or password did, against what was expected of it. */
export interface ProofResult {
  readonly what: 'token' | 'password'
  readonly mxid: string
  readonly device?: string
  readonly worked: boolean
  /** Whether it was expected to work. */
  readonly expected: boolean
  /** The code of the reason, where it was expected to fail. */
  readonly reason?: string
  /** What the server said, where it refused or took it for somebody else's; without a secret. */
  readonly answer?: string
}

/** What was tried after the cut-over. */
export interface Proofs {
  /** In the order of the files. */
  readonly results: readonly ProofResult[]
}
