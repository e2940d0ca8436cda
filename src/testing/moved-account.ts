import type { ExplanationDocument } from '../report/explanation.ts'
import type { AccountRecord } from '../report/run-record.ts'

/** What an account has of one kind: what the target got, and what it did not, each with the code of the reason. */
export interface Parted<Thing> {
  readonly carried: readonly Thing[]
  readonly left: readonly { readonly what: Thing; readonly reason: string }[]
}

/** An SSO identity. Where it is carried the provider is named as the target knows it, by the mapping; else as Synapse does. */
export interface MovedIdentity {
  readonly provider: string
  readonly subject: string
}

/** What became of one account of the homeserver. */
export interface MovedAccount {
  readonly mxid: string
  readonly decision: 'migrate' | 'hold back'
  /** Why it is held back: a code, as in docs/reference/codes.md. */
  readonly reason?: string
  /** Absent where the mapping has no cohorts. */
  readonly cohort?: string
  /** How it ended in the run. */
  readonly outcome: AccountRecord['outcome']
  /** The target's own words, where it has rejected the account. */
  readonly message?: string
  /** At the target. Absent of who is held back. */
  readonly username?: string
  /** Absent where it has none, and of targets that have no primary address. */
  readonly primaryEmail?: string
  readonly attributes?: Readonly<Record<string, string>>
  /** none: Synapse has none either. */
  readonly password: 'carried' | 'left' | 'none'
  readonly emails: Parted<string>
  readonly phones: Parted<string>
  readonly identities: Parted<MovedIdentity>
  /** By their ids. */
  readonly devices: Parted<string>
  /** By the ids of their devices; of no device: an empty text. */
  readonly accessTokens: Parted<string>
  readonly refreshTokens: Parted<string>
  /** What stops working for its people, or begins to: codes, such as `password_ends`. Each once, in the order of the alphabet. */
  readonly predictions: readonly ExplanationDocument['predictions'][number]['code'][]
}
