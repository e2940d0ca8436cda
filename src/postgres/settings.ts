/**
 * sslmode with libpq's meaning.
 * Source: PostgreSQL documentation, "SSL Mode Descriptions" (libpq).
 */
export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

export type SslMode = (typeof SSL_MODES)[number]

/**
 * What a server must be for the connection to be accepted, with libpq's meaning for a single host.
 * Source: PostgreSQL documentation, "target_session_attrs" (libpq); `any` and `prefer-standby` ask nothing of one host.
 */
export const SESSION_ATTRIBUTES = ['read-write', 'read-only', 'primary', 'standby'] as const

export type SessionAttributes = (typeof SESSION_ATTRIBUTES)[number]

/** How to reach one PostgreSQL database. Parsed and complete: nothing is read from the environment later. */
export interface PostgresSettings {
  /** Host name, address, or the folder of a unix socket (starts with '/'). */
  readonly host: string
  /** libpq's hostaddr: the address to connect to; `host` is then only the name that a certificate must bear. */
  readonly hostAddress?: string
  readonly port: number
  readonly database: string
  readonly user: string
  /** A secret: never printed, never in an error. */
  readonly password?: string
  readonly sslMode: SslMode
  /** Paths of PEM files, as libpq's sslrootcert, sslcert, sslkey. `sslRootCert: 'system'` is the machine's own authorities. */
  readonly sslRootCert?: string
  readonly sslCert?: string
  readonly sslKey?: string
  /** The same three as PEM text, for configurations that hold them inline; each excludes its path. The key is a secret. */
  readonly sslRootCertPem?: string
  readonly sslCertPem?: string
  readonly sslKeyPem?: string
  /** libpq's connect_timeout; milliseconds here, 0 waits for ever. */
  readonly connectTimeoutMs: number
  /** libpq's `options`: command-line options for the backend, such as `-c search_path=matrix`. */
  readonly options?: string
  readonly targetSessionAttributes?: SessionAttributes
  /** Whence these settings came, for messages: `homeserver.yaml:14`, `SYN2OP_SYNAPSE_DATABASE`. */
  readonly origin: string
  /** The SQLite file whose rows the database holds, for the time of one command. */
  readonly stagedFrom?: string
}

/** The settings as a person may see them: no password. */
export const describeSettings = (settings: PostgresSettings): string =>
  settings.stagedFrom === undefined ? addressOf(settings) : `SQLite ${settings.stagedFrom} (staged)`

const addressOf = (settings: PostgresSettings): string =>
  `${settings.user}@${settings.host}:${settings.port}/${settings.database}`
