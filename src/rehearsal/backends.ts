import type { PostgresSettings } from '../postgres/settings.ts'
import type { Images } from './services/containers/images.ts'
import type { KeycloakAddress } from './services/keycloak/keycloak-service.ts'
import type { Backend } from './services/way.ts'

/** Where the services of a rehearsal may come from. What is given is used; of the rest the first that works. */
export interface Backends {
  readonly images: Images
  /** Only by these; absent: by the first that works. */
  readonly wanted?: Extract<Backend, 'containers' | 'local'>
  /** A server on which databases may be made, and dropped afterwards. */
  readonly postgres?: PostgresSettings
  /** The id of the lease that it goes with, where it is thrown away itself, after several rehearsals. */
  readonly postgresLease?: string
  /** A Keycloak in which a realm may be made, and deleted afterwards. */
  readonly keycloak?: KeycloakAddress
  /** The folder of a distribution of Keycloak. */
  readonly keycloakHome?: string
  /** The program `mas-cli`. */
  readonly masCli?: string
  /** The program of a Python that has matrix-synapse and psycopg2. */
  readonly synapsePython?: string
}
