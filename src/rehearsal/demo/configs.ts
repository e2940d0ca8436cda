import { mkdir } from 'node:fs/promises'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { synapseDatabase } from '../synapse-database.ts'
import { writeSecret } from '../write-secret.ts'
import { DEMO, DEMO_PROVIDERS } from './constants.ts'

export interface DemoConfigs {
  /** Path of homeserver.yaml. */
  readonly homeserver: string
  /** Path of MAS's config.yaml. */
  readonly mas: string
}

export interface DemoConfigOptions {
  readonly synapse: PostgresSettings
  readonly mas: PostgresSettings
  /** Default: DEMO.serverName. */
  readonly serverName?: string
}

/** Of the bridge whose ghosts the demo has; the tokens, which nobody needs here, are left out. */
const registration = ({ serverName = DEMO.serverName }: DemoConfigOptions): unknown => ({
  id: DEMO.appserviceId,
  url: null,
  sender_localpart: '_irc_bot',
  'io.element.msc4190': true,
  namespaces: {
    users: [{ regex: `@_irc_.*:${serverName.replaceAll('.', String.raw`\.`)}`, exclusive: true }],
  },
})

const homeserver = ({ synapse, serverName = DEMO.serverName }: DemoConfigOptions, bridge: string): unknown => ({
  server_name: serverName,
  report_stats: false,
  database: synapseDatabase(synapse),
  password_config: { enabled: true, pepper: DEMO.pepper },
  enable_registration: false,
  allow_guest_access: false,
  // Of its people some have expired, and some wait for approval.
  account_validity: { enabled: true, period: '6w' },
  experimental_features: { msc3866: { enabled: true, require_approval_for_new_accounts: true } },
  app_service_config_files: [bridge],
  trusted_key_servers: [],
  oidc_providers: DEMO_PROVIDERS.map(({ idpId, name, issuer }, order) => ({
    ...(idpId === undefined ? {} : { idp_id: idpId }),
    idp_name: name,
    issuer,
    client_id: `syn2op-demo-${order}`,
    client_auth_method: 'none',
    scopes: ['openid'],
    user_mapping_provider: { config: { localpart_template: '{{ user.preferred_username }}' } },
  })),
})

const authenticationService = ({ mas, serverName = DEMO.serverName }: DemoConfigOptions): unknown => ({
  http: { public_base: `https://account.${serverName}/` },
  database: {
    host: mas.host,
    port: mas.port,
    username: mas.user,
    ...(mas.password === undefined ? {} : { password: mas.password }),
    database: mas.database,
    ssl_mode: mas.sslMode,
  },
  matrix: {
    kind: 'synapse',
    homeserver: serverName,
    endpoint: `https://matrix.${serverName}/`,
    secret: 'demo, not a secret',
  },
  secrets: { encryption: DEMO.masEncryption, keys: [] },
  passwords: {
    enabled: true,
    schemes: [
      { version: 1, algorithm: 'bcrypt', unicode_normalization: true, secret: DEMO.pepper },
      { version: 2, algorithm: 'argon2id', unicode_normalization: true },
    ],
  },
  upstream_oauth2: {
    providers: DEMO_PROVIDERS.map(({ ulid, authProvider, name, issuer }, order) => ({
      id: ulid,
      synapse_idp_id: authProvider,
      human_name: name,
      issuer,
      client_id: `syn2op-demo-${order}`,
      token_endpoint_auth_method: 'none',
      scope: 'openid',
    })),
  },
})

/**
 * Writes the configurations of the demo's Synapse and MAS, which agree with each other: pepper, password schemes,
 * providers, server name; and beside them the registration of the demo's bridge. They hold the databases' passwords: mode
 * 0600. The folder is made when it is missing.
 */
export const writeDemoConfigs = async (folder: string, options: DemoConfigOptions): Promise<DemoConfigs> => {
  const { stringify } = await import('yaml')
  await mkdir(folder, { recursive: true })
  const bridge = await writeSecret(folder, `${DEMO.appserviceId}.yaml`, stringify(registration(options)))
  return {
    homeserver: await writeSecret(folder, 'homeserver.yaml', stringify(homeserver(options, bridge))),
    mas: await writeSecret(folder, 'mas.yaml', stringify(authenticationService(options))),
  }
}
