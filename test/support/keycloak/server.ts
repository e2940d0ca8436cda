import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { freePort } from '../../../src/rehearsal/free-port.ts'
import type { PostgresAddress } from '../postgres-server.ts'
import { serverForTests } from '../server-for-tests.ts'
import { type DistributionOptions, distribution } from './distribution.ts'
import { makeHome } from './home.ts'
import { type KeycloakProcess, launch } from './process.ts'

/** The pepper of Synapse's configuration that the shared server knows; its ö is two bytes. */
export const PEPPER = 'the pepper of Töne 26'

/** Where a Keycloak is. Plain data: the global set-up hands it to the tests. */
export interface KeycloakAddress {
  /** Without a slash at its end, such as http://127.0.0.1:8080. */
  readonly url: string
  /** An administrator of the realm master. */
  readonly adminUser: string
  readonly adminPassword: string
  /** The pepper that our provider was given; undefined: none. */
  readonly pepper?: string
  /** Its database on the PostgreSQL of the tests; undefined where the server is not ours. */
  readonly database?: string
}

export interface KeycloakServer extends KeycloakAddress {
  readonly database: string
  /** Where /health/ready is. */
  readonly managementUrl: string
  /** Ends it and drops its database. */
  stop(): Promise<void>
  /** Ends it as a power failure would; `restart` brings it back. */
  kill(): Promise<void>
  /** Ends it if it runs, and starts it again at the same address with the same database. */
  restart(): Promise<void>
}

export interface KeycloakOptions extends DistributionOptions {
  /** The PostgreSQL that gets a database for it. */
  readonly postgres: PostgresAddress
  readonly pepper?: string
  /** More lines for keycloak.conf, over the helper's own; what is decided at the build is ignored. */
  readonly configuration?: Readonly<Record<string, string>>
  /** `quick` starts in half the time and then works more slowly; benches take `thorough`. Default: quick. */
  readonly compiler?: 'quick' | 'thorough'
}

const ADMIN = 'admin'

/**
 * Starts a Keycloak on free ports of the loopback address, on a new database: some 30 seconds, of which the tables take
 * half; a restart 10. It dies with this process, whatever ends that.
 * @throws Error with the last lines of its log when it does not come up
 */
export const startKeycloak = async (options: KeycloakOptions): Promise<KeycloakServer> => {
  const folder = await distribution(options)
  const postgres = serverForTests(options.postgres)
  const database = `keycloak_${randomBytes(6).toString('hex')}`
  const adminPassword = randomBytes(12).toString('hex')
  const [port, managementPort] = [await freePort(), await freePort()]
  const managementUrl = `http://127.0.0.1:${managementPort}`
  await postgres.createDatabase(database)
  const home = await makeHome(folder, {
    'db-url': `jdbc:postgresql://${postgres.host}:${postgres.port}/${database}`,
    'db-username': postgres.user,
    'db-password': postgres.password,
    'http-enabled': 'true',
    'http-host': '127.0.0.1',
    'http-port': String(port),
    'http-management-port': String(managementPort),
    'hostname-strict': 'false',
    cache: 'local',
    'log-level': 'INFO,io.smallrye.health:ERROR',
    'bootstrap-admin-username': ADMIN,
    'bootstrap-admin-password': adminPassword,
    ...(options.pepper === undefined ? {} : { 'spi-password-hashing--synapse-bcrypt--pepper': options.pepper }),
    ...options.configuration,
  })
  const start = (): Promise<KeycloakProcess> =>
    launch({ distribution: folder, home, managementUrl, compiler: options.compiler ?? 'quick' })
  const clear = async (): Promise<void> => {
    await rm(home, { recursive: true, force: true })
    // The database goes with its server where a test has stopped that first.
    await postgres.execute('postgres', `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`).catch(() => {})
  }
  let running = await start().catch(async (error: unknown) => {
    await clear()
    throw error
  })
  return {
    url: `http://127.0.0.1:${port}`,
    managementUrl,
    adminUser: ADMIN,
    adminPassword,
    database,
    ...(options.pepper === undefined ? {} : { pepper: options.pepper }),
    kill: () => running.end('SIGKILL'),
    restart: async () => {
      await running.end('SIGTERM')
      running = await start()
    },
    stop: async () => {
      await running.end('SIGKILL')
      await clear()
    },
  }
}
