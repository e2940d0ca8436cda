import type { PostgresSettings } from '../postgres/settings.ts'

/** An SSO provider that Synapse knows, under the name it writes to `user_external_ids.auth_provider`. */
export interface SynapseProvider {
  /** `oidc` (legacy oidc_config, or no idp_id), `oidc-<idp_id>`, `saml` or `cas`. */
  readonly authProvider: string
  readonly kind: 'oidc' | 'saml' | 'cas'
  /** The issuer or server URL, when configured. */
  readonly issuer?: string
  /** Where in the configuration, such as `oidc_providers[0]`. */
  readonly path: string
}

/** What syn2op needs of homeserver.yaml: parsed, merged over the given files, sections that are null taken as absent. */
export interface HomeserverConfig {
  readonly files: readonly string[]
  readonly serverName: string
  /** The given URL's when there is one; absent when the database is SQLite. */
  readonly database?: PostgresSettings
  /** The file of a SQLite homeserver, when `database.name` is sqlite3. */
  readonly sqlite?: string
  /** `password_config.pepper`; a secret. */
  readonly pepper?: string
  /** `password_config.enabled`: true when absent, as in Synapse. */
  readonly passwordsEnabled: boolean | 'only_for_reauth'
  readonly passwordLocalDatabase: boolean
  readonly providers: readonly SynapseProvider[]
  readonly allowGuestAccess: boolean
  readonly enableRegistration: boolean
  readonly jwtEnabled: boolean
  /** Names of `modules:` and `password_providers:` entries. */
  readonly modules: readonly string[]
  readonly passwordProviders: readonly string[]
  /** Present keys that make Synapse refuse to start under MAS: the dotted path of each. */
  readonly conflictsWithMas: readonly string[]
}
