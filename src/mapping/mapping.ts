/** What becomes of the accounts of one kind. */
export type AccountRule = 'migrate' | 'hold_back'

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
  /** Warnings acknowledged in the file. */
  readonly accept: readonly string[]
}
