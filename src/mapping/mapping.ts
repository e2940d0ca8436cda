/** What becomes of the accounts of one kind. */
export type AccountRule = 'migrate' | 'hold_back'

/** What is done where something at the target belongs to somebody that syn2op did not write. */
export interface ConflictRules {
  /** An account of the same name: `adopt` takes it as the same person. */
  readonly username: 'hold_back' | 'adopt'
  /** The e-mail of another account: `leave` leaves the address, `hold_back` the whole account. */
  readonly email: 'hold_back' | 'leave'
  /** The SSO identity of another account, likewise. */
  readonly identity: 'hold_back' | 'leave'
}

/** The rules file, parsed: which accounts move, under which provider names. */
export interface Mapping {
  readonly file: string
  readonly sha256: string
  readonly accounts: {
    readonly guests: AccountRule
    readonly deactivated: AccountRule
    readonly locked: AccountRule
    /** People who have neither a password nor a known SSO identity. */
    readonly withoutLogin: AccountRule
  }
  /** Namespaces of application services: regular expressions over the whole mxid, whose users are ghosts too. */
  readonly ghosts: readonly string[]
  /** Synapse's provider name → the target's provider it belongs to (by `synapse_idp_id`), or 'leave'. */
  readonly providers: Readonly<Record<string, string>>
  readonly conflicts: ConflictRules
  /** Warnings acknowledged in the file. */
  readonly accept: readonly string[]
}
