import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import type { OidcProvider } from '../oidc-provider.ts'

export interface SynapseApplicationService {
  readonly id: string
  readonly token: string
  readonly senderLocalpart: string
  readonly users: readonly { readonly regex: string; readonly exclusive: boolean }[]
}

/** For a Synapse that keeps its data in SQLite: an absolute path. */
export interface SqliteFile {
  readonly sqlite: string
}

/** What homeserver.yaml says of the database. */
export const databaseSection = (database: PostgresSettings | SqliteFile): unknown =>
  'sqlite' in database
    ? { name: 'sqlite3', args: { database: database.sqlite } }
    : {
        name: 'psycopg2',
        args: {
          host: database.host,
          port: database.port,
          user: database.user,
          ...(database.password !== undefined && { password: database.password }),
          dbname: database.database,
          cp_min: 1,
          cp_max: 5,
        },
      }

export interface SynapseOptions {
  readonly database: PostgresSettings | SqliteFile
  readonly serverName: string
  readonly pepper?: string
  /** Its people log in as `oidc-<idpId>`. */
  readonly oidc?: { readonly idpId: string; readonly provider: OidcProvider }
  readonly applicationServices?: readonly SynapseApplicationService[]
  /** Top-level settings over the others, such as `matrix_authentication_service`; null takes one away. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/**
 * Settings over the others for a Synapse that delegates to MAS: all that it would refuse to start with is gone. Leave out
 * `oidc` and `pepper` as well.
 */
export const delegatingToMas = (mas: {
  readonly endpoint: string
  readonly secret: string
}): Record<string, unknown> => ({
  matrix_authentication_service: { enabled: true, ...mas },
  password_config: { enabled: false },
  enable_registration: null,
  enable_registration_without_verification: null,
})

/** Where a server's files and its listener are. */
export interface SynapsePlace {
  readonly folder: string
  readonly port: number
  readonly registrationSecret: string
}

const generous = { per_second: 10_000, burst_count: 10_000 }

/** Without these a test would be told to slow down. */
const rateLimits = {
  rc_message: generous,
  rc_registration: generous,
  rc_registration_token_validity: generous,
  rc_3pid_validation: generous,
  rc_login: { address: generous, account: generous, failed_attempts: generous },
  rc_delayed_event_mgmt: generous,
}

const oidcSettings = (oidc: SynapseOptions['oidc']): Record<string, unknown> =>
  oidc === undefined
    ? {}
    : {
        oidc_providers: [
          {
            idp_id: oidc.idpId,
            idp_name: 'Test provider',
            issuer: oidc.provider.issuer,
            client_id: oidc.provider.clientId,
            client_secret: oidc.provider.clientSecret,
            scopes: ['openid', 'profile'],
            skip_verification: true,
            user_mapping_provider: { config: { localpart_template: '{{ user.preferred_username }}' } },
          },
        ],
      }

export const applicationServiceFile = ({ id, token, senderLocalpart, users }: SynapseApplicationService): unknown => ({
  id,
  url: null,
  as_token: token,
  hs_token: `${token}-hs`,
  sender_localpart: senderLocalpart,
  namespaces: { users, aliases: [], rooms: [] },
})

/** homeserver.yaml as an object: on the loopback address, quick at hashing, and never asked to slow down. */
export const homeserverSettings = (
  { database, serverName, pepper, oidc, applicationServices = [], settings = {} }: SynapseOptions,
  { folder, port, registrationSecret }: SynapsePlace,
): Record<string, unknown> => {
  const all: Record<string, unknown> = {
    server_name: serverName,
    public_baseurl: `http://127.0.0.1:${port}/`,
    report_stats: false,
    pid_file: `${folder}/homeserver.pid`,
    media_store_path: `${folder}/media`,
    signing_key_path: `${folder}/signing.key`,
    log_config: `${folder}/log.yaml`,
    listeners: [
      { port, type: 'http', bind_addresses: ['127.0.0.1'], resources: [{ names: ['client'], compress: false }] },
    ],
    database: databaseSection(database),
    trusted_key_servers: [],
    registration_shared_secret: registrationSecret,
    macaroon_secret_key: `${registrationSecret}-macaroon`,
    form_secret: `${registrationSecret}-form`,
    bcrypt_rounds: 4,
    password_config: { enabled: true, ...(pepper !== undefined && { pepper }) },
    enable_registration: true,
    enable_registration_without_verification: true,
    allow_guest_access: true,
    presence: { enabled: false },
    // A new database has indexes to build; a rest after each would take minutes.
    background_updates: { sleep_enabled: false },
    // Dehydrated devices.
    experimental_features: { msc3814_enabled: true },
    app_service_config_files: applicationServices.map(({ id }) => `${folder}/${id}.yaml`),
    ...rateLimits,
    ...oidcSettings(oidc),
    ...settings,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}
