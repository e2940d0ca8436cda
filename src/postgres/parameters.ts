import { SESSION_ATTRIBUTES, SSL_MODES } from './settings.ts'

/** What syn2op does with a connection parameter of libpq. */
export type Treatment =
  /** Works as libpq documents it; other values than `values`, when given, are wrong. */
  | { readonly kind: 'honoured'; readonly env?: string; readonly values?: readonly string[] }
  /** Changes nothing that matters here, for the reason given; other values than `values`, when given, are refused. */
  | { readonly kind: 'ignored'; readonly because: string; readonly values?: readonly string[] }
  /** Asks for something that this program cannot give; silence would weaken or change the connection. */
  | { readonly kind: 'refused'; readonly because: string }

const honoured = (env?: string, values?: readonly string[]): Treatment => ({
  kind: 'honoured',
  ...(env === undefined ? {} : { env }),
  ...(values === undefined ? {} : { values }),
})
const ignored = (because: string, ...values: readonly string[]): Treatment => ({
  kind: 'ignored',
  because,
  ...(values.length === 0 ? {} : { values }),
})
const refused = (because: string): Treatment => ({ kind: 'refused', because })

const KEEPALIVE = 'syn2op always keeps its TCP connections alive'
const KERBEROS = 'Kerberos (GSSAPI) logins are not supported'
const OAUTH = 'OAuth logins at the database are not supported'
const ONE_HOST = 'syn2op connects to one host'

/**
 * Every connection parameter of libpq (PostgreSQL 18) by name, with the environment variable that is its default.
 * Source: PostgreSQL documentation, "Parameter Key Words" and "Environment Variables" (libpq).
 */
export const PARAMETERS: Readonly<Record<string, Treatment>> = {
  host: honoured('PGHOST'),
  hostaddr: honoured('PGHOSTADDR'),
  port: honoured('PGPORT'),
  dbname: honoured('PGDATABASE'),
  user: honoured('PGUSER'),
  password: honoured('PGPASSWORD'),
  passfile: honoured('PGPASSFILE'),
  service: honoured('PGSERVICE'),
  servicefile: honoured('PGSERVICEFILE'),
  sslmode: honoured('PGSSLMODE', SSL_MODES),
  sslrootcert: honoured('PGSSLROOTCERT'),
  sslcert: honoured('PGSSLCERT'),
  sslkey: honoured('PGSSLKEY'),
  connect_timeout: honoured('PGCONNECT_TIMEOUT'),
  options: honoured('PGOPTIONS'),
  target_session_attrs: honoured('PGTARGETSESSIONATTRS', ['any', 'prefer-standby', ...SESSION_ATTRIBUTES]),

  application_name: ignored('syn2op names its own sessions'),
  fallback_application_name: ignored('syn2op names its own sessions'),
  client_encoding: ignored('syn2op always speaks UTF-8'),
  keepalives: ignored(KEEPALIVE),
  keepalives_idle: ignored(KEEPALIVE),
  keepalives_interval: ignored(KEEPALIVE),
  keepalives_count: ignored(KEEPALIVE),
  tcp_user_timeout: ignored(KEEPALIVE),
  load_balance_hosts: ignored(ONE_HOST),
  sslcompression: ignored('TLS is never compressed'),
  sslsni: ignored('the host name is always sent'),
  gssencmode: ignored(KERBEROS, 'disable', 'prefer'),
  sslnegotiation: ignored('TLS always begins with the classic request', 'postgres'),
  sslcertmode: ignored('a certificate is sent when the server asks', 'allow'),
  channel_binding: ignored('channel binding cannot be enforced', 'prefer', 'disable'),
  ssl_min_protocol_version: ignored('TLS 1.2 is the lowest version used', 'TLSv1', 'TLSv1.1', 'TLSv1.2'),
  min_protocol_version: ignored('protocol 3.0 is used', '3.0'),
  max_protocol_version: ignored('protocol 3.0 is used'),

  sslpassword: refused('an encrypted client key is not supported'),
  sslcrl: refused('revocation lists are not supported'),
  sslcrldir: refused('revocation lists are not supported'),
  sslkeylogfile: refused('TLS keys are never logged'),
  ssl_max_protocol_version: refused('the TLS version cannot be limited from above'),
  requiressl: refused('it is obsolete: write sslmode instead'),
  requirepeer: refused("the owner of the server's process cannot be checked"),
  require_auth: refused('the way to log in is chosen by the server'),
  scram_client_key: refused('logging in by SCRAM keys is not supported'),
  scram_server_key: refused('logging in by SCRAM keys is not supported'),
  krbsrvname: refused(KERBEROS),
  gsslib: refused(KERBEROS),
  gssdelegation: refused(KERBEROS),
  oauth_issuer: refused(OAUTH),
  oauth_client_id: refused(OAUTH),
  oauth_client_secret: refused(OAUTH),
  oauth_scope: refused(OAUTH),
  replication: refused('a replication connection cannot run queries'),
}
