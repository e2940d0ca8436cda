import type { Mapping } from '../../mapping/mapping.ts'

/** Which of the target's providers takes the identities of one of Synapse's providers. */
export interface ProviderRule {
  /** As in `user_external_ids.auth_provider`. */
  readonly authProvider: string
  /** The target's identifier of its provider (MAS: a UUID), or 'leave'. */
  readonly target: { readonly id: string } | 'leave'
}

/** All that the decision statement depends on besides the rows. */
export interface DecisionRules {
  readonly serverName: string
  /** What stands for "now", milliseconds since 1970. */
  readonly asOf: number
  readonly accounts: Mapping['accounts']
  /** Regular expressions (PostgreSQL's) over the whole mxid. */
  readonly ghosts: readonly string[]
  /** Of one subject that two of them know, the first one's identity is carried: a provider's own name comes first. */
  readonly providers: readonly ProviderRule[]
}
