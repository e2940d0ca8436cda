import type { EmailRules, Mapping } from '../../mapping/mapping.ts'
import type { AccountReason, LeftReason } from '../reasons.ts'
import type { Relation } from '../relations.ts'

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
  /** Matrix ids of the own users of application services; bots as those that Synapse marks. */
  readonly bots?: readonly string[]
  /** Absent: every address is carried. */
  readonly emails?: EmailRules
  /** Whom Synapse's settings keep out today, which no target does; absent: nobody. */
  readonly keepsOut?: readonly ('expired' | 'unapproved')[]
  /** Absent: none. Nothing is decided by it, but told beforehand. */
  readonly shut?: ShutWays
  /** Relations of which the target takes no row that it otherwise would, each with the reason; absent: it takes all. */
  readonly leaves?: LeftRelations
  /** Synapse's names of its providers that are the target itself; absent: none is. */
  readonly itself?: readonly string[]
  /** How many identities of one provider an account can have at the target; absent: any number. */
  readonly identities?: 'one per provider'
  /** Accounts without a username, where the mapping makes usernames; absent: each has one. */
  readonly nameless?: readonly NamelessAccount[]
}

/** Relations that a target takes nothing of, each with the reason for which their rows are left. */
export type LeftRelations = Readonly<Partial<Record<Exclude<Relation, 'account'>, LeftReason>>>

/** Ways in that are switched off at the target, though what belongs to them is carried. */
export interface ShutWays {
  /** `by e-mail`: whoever has an address sets a password of their own there, as a login page offers it; absent: nobody does. */
  readonly resets?: 'by e-mail'
  /** It takes nobody's password. */
  readonly passwords: boolean
  /** Its identifiers of the providers that nobody can log in with. */
  readonly providers: readonly string[]
}

/** Why there is no username for an account that would migrate otherwise. */
export const NAMELESS = [
  'username_missing',
  'username_collision',
  'username_refused',
] as const satisfies readonly AccountReason[]

/** An account that would migrate, were there a username for it. */
export interface NamelessAccount {
  readonly mxid: string
  readonly reason: (typeof NAMELESS)[number]
}
