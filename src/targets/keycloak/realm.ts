import type { ConflictRules } from '../../mapping/mapping.ts'
import type { RunNames } from '../slow-road/run-names.ts'
import type { Unreported } from '../slow-road/unreported.ts'
import type { AboutRealm } from './about-realm.ts'
import type { AdminApi } from './api/admin-api.ts'
import type { KeptStatistics } from './apply/keep-statistics.ts'
import type { KeycloakConfig } from './config/keycloak-config.ts'
import type { KeptCensus } from './plan/census.ts'
import type { KnownNames } from './plan/known-names.ts'

/** What the parts of an open target share. */
export interface KeycloakRealm {
  readonly config: KeycloakConfig
  /** Of the homeserver whose people these are. */
  readonly serverName: string
  readonly conflicts: ConflictRules
  readonly api: AdminApi
  about(signal: AbortSignal): Promise<AboutRealm>
  /** Takes every request that writes users in turn. `users`: how many it is about, one unless it is said. */
  readonly writing: <Result>(request: () => Promise<Result>, users?: number) => Promise<Result>
  /** Likewise those that are asked for one account each. */
  readonly reading: <Result>(request: () => Promise<Result>) => Promise<Result>
  readonly census: KeptCensus
  readonly names: KnownNames
  /** By how they are looked at: a plan in all detail may come before the run that does it. */
  readonly runNames: { readonly quick: RunNames; readonly thorough: RunNames }
  readonly unreported: Unreported
  readonly statistics: KeptStatistics
}
