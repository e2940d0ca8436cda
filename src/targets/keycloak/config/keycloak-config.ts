import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { TargetProvider } from '../../target.ts'

/** What syn2op is told of a Keycloak: its files merged, the files of secrets read. */
export interface KeycloakConfig {
  readonly files: readonly string[]
  /** http or https, without a slash at its end, without user, password, query or fragment. */
  readonly url: string
  /** Where people reach it, likewise; absent: as Keycloak says itself. */
  readonly publicUrl?: string
  readonly realm: string
  /** `realm`: where the client is registered; the realm itself unless it is said. `secret`: a secret. */
  readonly client: { readonly id: string; readonly secret: string; readonly realm: string }
  /** Synapse's auth_provider and, as `id`, the alias of Keycloak's identity provider. */
  readonly providers: readonly TargetProvider[]
  /** Realm roles for everybody, beside the realm's default role. */
  readonly roles: readonly string[]
  /** Paths of groups for everybody, such as `/staff/matrix`. */
  readonly groups: readonly string[]
  /** In addition, for administrators of Synapse. */
  readonly admins: { readonly roles: readonly string[]; readonly groups: readonly string[] }
  /** What everybody has to do at the first login, such as `UPDATE_PASSWORD`. */
  readonly requiredActions: readonly string[]
  /** Names of the user attributes for what Keycloak has no field for. */
  readonly attributes: { readonly emails: string; readonly phones: string }
  /** Keycloak's own database, only to refresh its planner statistics; absent: nobody may. */
  readonly database?: PostgresSettings
}
