import type { PresentConnection } from '../api/connections-api.ts'
import type { QuotaClass } from '../api/limits.ts'
import type { ActionStanding } from './read-action.ts'

/** A connection of the tenant's. Options of an enterprise connection can hold a secret. */
export interface ConnectionSeen extends Required<PresentConnection> {
  /** Ids of the applications that it is enabled for. */
  readonly clients: readonly string[]
}

/** One of `identity_providers`. */
export interface ProviderSeen extends Pick<ConnectionSeen, 'id' | 'name' | 'strategy' | 'clients'> {
  /** Of inbound SCIM, by what it finds people. `none`: it is not set up; `refused`: the tenant does not have it. */
  readonly scim?: { readonly userIdAttribute: string } | 'none' | 'refused'
  /** Of a connection of Microsoft Entra whose options may be read. */
  readonly entra?: EntraSeen
}

export interface EntraSeen {
  /** The claim that is the user id: `oid`, the object id, or `sub`, which Entra makes anew for each application. Absent: nothing says. */
  readonly userIdAttribute?: string
  /** Whether people of every organization may come. */
  readonly isCommon: boolean
}

/** How many requests fit at once, by an answer's own words. */
export interface LimitTold {
  readonly of: QuotaClass
  readonly limit: number
}

/** What was read of a tenant. What may not be read is absent. */
export interface Auth0Seen {
  readonly missingScopes: readonly string[]
  readonly connection?: ConnectionSeen | 'missing'
  /** Those that are there. */
  readonly providers?: readonly ProviderSeen[]
  /** In the connection, by a search: it does not see what was written a moment ago. */
  readonly people?: { readonly all: number; readonly ours: number }
  readonly limits: readonly LimitTold[]
  /** Of the Action that links people at their first login, where one is needed. */
  readonly action?: ActionStanding
  /** Names of the Actions that run after somebody was added to a database connection; `not allowed`: they may not be seen. */
  readonly onRegistration?: readonly string[] | 'not allowed'
}
