import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { Service } from '../way.ts'

/** Where a Keycloak is, and as whom realms can be made in it. */
export interface KeycloakAddress {
  /** http or https, with its path where it has one. */
  readonly url: string
  /** An administrator of the realm master, who signs in by password alone. */
  readonly adminUser: string
  /** A secret. */
  readonly adminPassword: string
}

/** A Keycloak that runs. Its URL has no slash at its end. */
export interface KeycloakService extends Service, KeycloakAddress {
  /** Its own database, where we made it: its planner's statistics may be refreshed. */
  readonly ownDatabase?: PostgresSettings
}
