import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import type { OidcProvider } from '../oidc-provider.ts'
import type { InstalledMas } from './installed-mas.ts'

export interface MasOptions {
  readonly database: PostgresSettings
  readonly serverName: string
  readonly port: number
  /** The Synapse that delegates to it, and the secret that they share. */
  readonly synapse: { readonly endpoint: string; readonly secret: string }
  /** Appended to passwords before their bcrypt hash is compared; absent: nobody logs in by a password at MAS itself. */
  readonly pepper?: string
  /** The upstream provider, under the name by which Synapse knew it; absent: there is none yet. */
  readonly upstream?: { readonly id: string; readonly synapseIdpId: string; readonly provider: OidcProvider }
}

/** Without these a test would be told to slow down. */
const generous = { burst: 1000, per_second: 1000 }

const rsaKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

/** Where MAS sends people back to after their login at the provider. */
export const upstreamCallback = (port: number, id: string): string => `http://127.0.0.1:${port}/upstream/callback/${id}`

const passwordsSection = (pepper: string | undefined): unknown =>
  pepper === undefined
    ? { enabled: false }
    : {
        enabled: true,
        minimum_complexity: 0,
        schemes: [
          { version: 1, algorithm: 'bcrypt', unicode_normalization: true, secret: pepper },
          // Without normalisation, the first login would nail a person to one spelling of the password.
          { version: 2, algorithm: 'argon2id', unicode_normalization: true },
        ],
      }

const testProvider = ({ id, synapseIdpId, provider }: NonNullable<MasOptions['upstream']>): unknown => ({
  id,
  synapse_idp_id: synapseIdpId,
  human_name: 'Test provider',
  issuer: provider.issuer,
  // The test's provider has no TLS.
  discovery_mode: 'insecure',
  client_id: provider.clientId,
  client_secret: provider.clientSecret,
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'openid profile',
  claims_imports: { localpart: { action: 'require', template: '{{ user.preferred_username }}' } },
})

/** config.yaml as an object: on the loopback address, sending no mail, and never asking to slow down. */
export const masSettings = (
  { database, serverName, port, synapse, pepper, upstream }: MasOptions,
  { share }: InstalledMas,
): Record<string, unknown> => {
  const base = `http://127.0.0.1:${port}/`
  const resources = ['discovery', 'human', 'oauth', 'compat', 'health'].map((name) => ({ name }))
  return {
    http: {
      public_base: base,
      issuer: base,
      listeners: [
        {
          name: 'web',
          binds: [{ address: `127.0.0.1:${port}` }],
          resources: [...resources, { name: 'assets', path: `${share}/assets/` }],
        },
      ],
    },
    database: {
      host: database.host,
      port: database.port,
      username: database.user,
      password: database.password,
      database: database.database,
    },
    email: { from: 'mas@test.example', reply_to: 'mas@test.example', transport: 'blackhole' },
    secrets: { encryption: randomBytes(32).toString('hex'), keys: [{ key: rsaKey() }] },
    passwords: passwordsSection(pepper),
    rate_limiting: {
      login: { per_ip: generous, per_account: generous },
      registration: generous,
      account_recovery: { per_ip: generous, per_address: generous },
    },
    matrix: { kind: 'synapse', homeserver: serverName, ...synapse },
    templates: {
      path: `${share}/templates`,
      assets_manifest: `${share}/manifest.json`,
      translations_path: `${share}/translations`,
    },
    policy: { wasm_module: `${share}/policy.wasm` },
    upstream_oauth2: { providers: upstream === undefined ? [] : [testProvider(upstream)] },
  }
}
