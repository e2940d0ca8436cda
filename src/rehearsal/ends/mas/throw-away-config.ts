import { generateKeyPairSync } from 'node:crypto'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import { type MasYaml, sectionOf } from './own-config.ts'

/** What of a configuration is ours in a rehearsal. */
export interface ThrowAwayConfigOptions {
  readonly database: PostgresSettings
  /** Of this machine, where it listens once it is started. */
  readonly port: number
  /** Where the homeserver answers that stands in for Synapse. */
  readonly homeserverUrl: string
  /** What it and MAS know each other by; absent: what the configuration says stays. */
  readonly secret?: string
  /** Whether a MAS runs with it: it needs a key to sign with, which takes a moment to make. */
  readonly use: 'to run' | 'to read'
  /** Where its own parts are, if that is known; a configuration that names them itself is followed. */
  readonly share?: string
}

/** Without these a rehearsal that tries passwords one after the other would be told to slow down. */
const generous = { burst: 100_000, per_second: 100_000 }

/** Sections that would reach others than the rehearsal: where it listens, mail, who counts its work. */
const LEFT_OUT: ReadonlySet<string> = new Set(['http', 'database', 'email', 'telemetry', 'rate_limiting', 'captcha'])

const databaseSection = ({
  host,
  hostAddress,
  port,
  user,
  password,
  database,
  sslMode,
}: PostgresSettings): MasYaml => ({
  ...(host.startsWith('/') ? { socket: host } : { host: hostAddress ?? host }),
  port,
  username: user,
  ...(password === undefined ? {} : { password }),
  database,
  ssl_mode: sslMode,
})

const signingKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

const matrixSection = (matrix: MasYaml, { homeserverUrl, secret }: ThrowAwayConfigOptions): MasYaml => {
  if (secret === undefined) return { ...matrix, kind: 'synapse', endpoint: homeserverUrl }
  const { secret_file: _, ...others } = matrix
  return { ...others, kind: 'synapse', endpoint: homeserverUrl, secret }
}

/** Its own keys stay unread: nobody else looks at what it signs. What is encrypted by `encryption`, identifiers too, stays theirs. */
const secretsSection = (secrets: MasYaml, use: ThrowAwayConfigOptions['use']): MasYaml => {
  const { keys: _, keys_dir: __, ...others } = secrets
  return { ...others, keys: use === 'to run' ? [{ key: signingKey() }] : [] }
}

const partsOf = (yaml: MasYaml, share: string): MasYaml => ({
  templates: {
    path: `${share}/templates`,
    assets_manifest: `${share}/manifest.json`,
    translations_path: `${share}/translations`,
    ...sectionOf(yaml, 'templates'),
  },
  policy: { wasm_module: `${share}/policy.wasm`, ...sectionOf(yaml, 'policy') },
})

/** A configuration with which MAS reaches nobody: a database of its own, this machine alone, no mail, no limits for those who log in. */
export const throwAwayConfig = (yaml: MasYaml, options: ThrowAwayConfigOptions): MasYaml => {
  const { database, port, use, share } = options
  const base = `http://127.0.0.1:${port}/`
  return {
    ...Object.fromEntries(Object.entries(yaml).filter(([name]) => !LEFT_OUT.has(name))),
    http: {
      public_base: base,
      issuer: base,
      listeners: [
        {
          name: 'rehearsal',
          binds: [{ address: `127.0.0.1:${port}` }],
          resources: ['discovery', 'oauth', 'compat', 'health'].map((name) => ({ name })),
        },
      ],
    },
    database: databaseSection(database),
    email: { from: 'rehearsal@syn2op.invalid', reply_to: 'rehearsal@syn2op.invalid', transport: 'blackhole' },
    rate_limiting: {
      login: { per_ip: generous, per_account: generous },
      registration: generous,
      account_recovery: { per_ip: generous, per_address: generous },
    },
    matrix: matrixSection(sectionOf(yaml, 'matrix'), options),
    secrets: secretsSection(sectionOf(yaml, 'secrets'), use),
    ...(share === undefined ? {} : partsOf(yaml, share)),
  }
}
