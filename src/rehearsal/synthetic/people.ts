/** A moment: a Date, or a text in ISO 8601 with its time zone, as `2026-03-01T09:00:00Z`; a day alone is its midnight in UTC. */
export type Moment = Date | string

/** An SSO provider as Synapse names it in `user_external_ids`: `oidc-` and its `idp_id`; `oidc` where it has none. */
export type ProviderName = 'oidc' | `oidc-${string}` | 'saml' | 'cas'

export interface SyntheticProvider {
  readonly name: ProviderName
  /** Of OpenID Connect; absent: made up. */
  readonly issuer?: string
  /** People came by it once, and homeserver.yaml has it no longer. */
  readonly removed?: boolean
}

export interface SyntheticIdentity {
  readonly provider: ProviderName
  /** By what the provider knows the person: `user_external_ids.external_id`. */
  readonly subject: string
}

export interface SyntheticDevice {
  /** Synapse's `device_id`. */
  readonly id: string
  readonly name?: string
  /** Absent: a day before the homeserver's `asOf`. */
  readonly lastSeen?: Moment
  /** How it is logged in. `access` (unless said): by an access token; `refreshing`: which has a refresh token; `expired`: by one that has expired; `none`: not at all. */
  readonly tokens?: 'access' | 'refreshing' | 'expired' | 'none'
}

interface Anybody {
  /** What stands between `@` and the colon. */
  readonly localpart: string
  readonly displayName?: string
  /** Absent: in the order of the list, the first is the oldest. */
  readonly createdAt?: Moment
}

/** Somebody who may log in: by a password, by a provider, by both or by nothing. */
export interface SyntheticUser extends Anybody {
  readonly kind?: 'user'
  readonly password?: string
  /** The oldest first. */
  readonly emails?: readonly string[]
  /** Digits with the country's code, and no plus: `447700900123`. */
  readonly phones?: readonly string[]
  readonly identities?: readonly SyntheticIdentity[]
  /** A name alone is a device that is logged in by an access token. */
  readonly devices?: readonly (string | SyntheticDevice)[]
  readonly admin?: boolean
  readonly locked?: boolean
  readonly suspended?: boolean
  readonly shadowBanned?: boolean
  /** Waits for an administrator's approval. */
  readonly unapproved?: boolean
  /** The account's validity is over. */
  readonly expired?: boolean
  /** As Synapse marks it. */
  readonly type?: 'bot' | 'support'
}

/** Somebody who left: of Synapse's doing without password, addresses and devices. */
export interface SyntheticDeactivated extends Anybody {
  readonly kind: 'deactivated'
  readonly identities?: readonly SyntheticIdentity[]
  /** Asked to be forgotten. */
  readonly erased?: boolean
}

/** A guest has neither password nor address. */
export interface SyntheticGuest extends Anybody {
  readonly kind: 'guest'
  readonly devices?: readonly (string | SyntheticDevice)[]
}

/** A user that an application service made. */
export interface SyntheticGhost extends Anybody {
  readonly kind: 'ghost'
  /** The `id` of the application service. */
  readonly bridge: string
  readonly devices?: readonly (string | SyntheticDevice)[]
}

export type SyntheticPerson = SyntheticUser | SyntheticDeactivated | SyntheticGuest | SyntheticGhost

export interface SyntheticBridge {
  readonly id: string
  /** Namespaces of its users: regular expressions over the whole Matrix id, as its registration has them. */
  readonly users?: readonly string[]
  /** Localpart of its own user. Absent: its id. */
  readonly sender?: string
}

/** A homeserver that is made up for a test: whose people it has, and what they have. */
export interface SyntheticDescription {
  /** Absent: `demo.example`. Must be the one of a target's configuration that is given. */
  readonly serverName?: string
  readonly people?: readonly SyntheticPerson[]
  /** So many other people, of every kind that homeservers have; they have names such as `anna.schmidt17`. Absent: none. */
  readonly accounts?: number
  /** all: also every kind of damage that is known of Synapse's databases. Absent: none. */
  readonly damage?: 'none' | 'all'
  /** Absent: those that people name. Others' identities are spread over them. */
  readonly providers?: readonly (ProviderName | SyntheticProvider)[]
  /** Absent: those that ghosts name. */
  readonly bridges?: readonly (string | SyntheticBridge)[]
  /** `password_config.pepper`; the target's configuration must have the same. Absent: none. */
  readonly pepper?: string
  /** Further sections of homeserver.yaml, each in place of ours. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The moment that stands for "now" in every decision. Absent: 2026-11-01T00:00:00Z. */
  readonly asOf?: Moment
  /** The same seed makes the same `accounts`. Absent: 1. */
  readonly seed?: number
}

/** A description that was found to be sound. */
export interface SyntheticHomeserver extends SyntheticDescription {
  readonly serverName: string
  readonly people: readonly SyntheticPerson[]
  /** The full name of one of its accounts: `@alice:demo.example` for `alice`. */
  mxid(localpart: string): string
}
