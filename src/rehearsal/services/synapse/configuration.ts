import { randomBytes } from 'node:crypto'
import { stringify } from 'yaml'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { SynapseWish } from './synapse-service.ts'

/** Where a Synapse listens and keeps its files. */
export interface SynapsePlace {
  /** On the loopback address. */
  readonly port: number
  /** Of its configuration. */
  readonly folder: string
  /** It makes this itself, where it may write. */
  readonly mediaFolder: string
}

/** Names of a Synapse's files; all of them are secret. */
export const HOMESERVER_FILE = 'homeserver.yaml'
const KEY_FILE = 'signing.key'
const LOG_FILE = 'log.yaml'

const databaseArguments = (settings: PostgresSettings): Record<string, unknown> => ({
  host: settings.host,
  hostaddr: settings.hostAddress,
  port: settings.port,
  dbname: settings.database,
  user: settings.user,
  password: settings.password,
  sslmode: settings.sslMode,
  sslrootcert: settings.sslRootCert,
  sslcert: settings.sslCert,
  sslkey: settings.sslKey,
  options: settings.options,
  cp_min: 1,
  cp_max: 5,
})

const generous = { per_second: 10_000, burst_count: 10_000 }

/** Proofs ask for many people in a row. */
const RATE_LIMITS = {
  rc_message: generous,
  rc_login: { address: generous, account: generous, failed_attempts: generous },
}

/** It never speaks to other homeservers, sends no mail and wakes no telephone: the people may be real. */
const SPEAKS_TO_NOBODY = {
  federation_domain_whitelist: [],
  trusted_key_servers: [],
  start_pushers: false,
  report_stats: false,
  enable_registration: false,
  url_preview_enabled: false,
  presence: { enabled: false },
}

const loginSettings = ({ pepper, delegation }: SynapseWish): Record<string, unknown> =>
  delegation === undefined
    ? { password_config: { enabled: true, ...(pepper !== undefined && { pepper }) } }
    : { password_config: { enabled: false }, matrix_authentication_service: { enabled: true, ...delegation } }

const homeserver = (wish: SynapseWish, { port, folder, mediaFolder }: SynapsePlace): Record<string, unknown> => ({
  server_name: wish.serverName,
  public_baseurl: `http://127.0.0.1:${port}/`,
  listeners: [
    { port, type: 'http', bind_addresses: ['127.0.0.1'], resources: [{ names: ['client'], compress: false }] },
  ],
  database: { name: 'psycopg2', args: databaseArguments(wish.database) },
  signing_key_path: `${folder}/${KEY_FILE}`,
  log_config: `${folder}/${LOG_FILE}`,
  media_store_path: mediaFolder,
  macaroon_secret_key: randomBytes(24).toString('base64url'),
  form_secret: randomBytes(24).toString('base64url'),
  // A new database has indexes to build; a rest after each would take minutes.
  background_updates: { sleep_enabled: false },
  ...SPEAKS_TO_NOBODY,
  ...RATE_LIMITS,
  ...loginSettings(wish),
})

/** What Synapse writes once its tables are there and it takes requests. */
export const LISTENING = /now listening on/u

const LOG = {
  version: 1,
  formatters: { plain: { format: '%(levelname)s %(name)s %(message)s' } },
  handlers: { console: { class: 'logging.StreamHandler', formatter: 'plain' } },
  root: { level: 'WARNING', handlers: ['console'] },
  // Says LISTENING.
  loggers: { 'synapse.app._base': { level: 'INFO' } },
  disable_existing_loggers: false,
}

/**
 * The files of a throw-away Synapse, by name. Its signing key is made here: nothing that another server has seen is signed with it.
 * Source: Synapse, "Configuration Manual"; signedjson, key files.
 */
export const synapseFiles = (wish: SynapseWish, place: SynapsePlace): ReadonlyMap<string, string> =>
  new Map([
    [HOMESERVER_FILE, stringify(homeserver(wish, place))],
    [LOG_FILE, stringify(LOG)],
    [KEY_FILE, `ed25519 a_rehearsal ${randomBytes(32).toString('base64').replace(/=+$/u, '')}\n`],
  ])
