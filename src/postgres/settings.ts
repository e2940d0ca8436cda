/**
 * sslmode with libpq's meaning.
 * Source: PostgreSQL documentation, "SSL Mode Descriptions" (libpq).
 */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

/** How to reach one PostgreSQL database. Parsed and complete: nothing is read from the environment later. */
export interface PostgresSettings {
  /** Host name, address, or the folder of a unix socket (starts with '/'). */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  /** A secret: never printed, never in an error. */
  readonly password?: string
  readonly sslMode: SslMode
  /** Paths of PEM files, as libpq's sslrootcert, sslcert, sslkey. */
  readonly sslRootCert?: string
  readonly sslCert?: string
  readonly sslKey?: string
  /** libpq's connect_timeout; milliseconds here. */
  readonly connectTimeoutMs: number
  /** libpq's `options`: command-line options for the backend, such as `-c search_path=matrix`. */
  readonly options?: string
  /** Whence these settings came, for messages: `homeserver.yaml:14`, `SYN2OP_SYNAPSE_DATABASE`. */
  readonly origin: string
}

/** The settings as a person may see them: no password. */
export const describeSettings = (settings: PostgresSettings): string =>
  `${settings.user}@${settings.host}:${settings.port}/${settings.database}`
