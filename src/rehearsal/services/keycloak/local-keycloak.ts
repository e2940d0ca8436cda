import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { Way } from '../way.ts'
import { databaseConfiguration, pepperConfiguration } from './configuration.ts'
import { distributionVersion, whyNoDistribution } from './distribution.ts'
import { whyNoJava } from './java.ts'
import type { KeycloakService } from './keycloak-service.ts'
import { makeHome } from './local-home.ts'
import { type Compiler, runKeycloak } from './run-keycloak.ts'

export interface LocalKeycloak {
  /** The folder of a distribution; absent: `KEYCLOAK_HOME`. Nothing in it is changed. */
  readonly home?: string
  /** Synapse's; a secret. */
  readonly pepper?: string
  /** Where it gets its database. */
  readonly postgres: { createDatabase(name: string): Promise<PostgresSettings> }
  /** Default: thorough. */
  readonly compiler?: Compiler
}

const ADMIN = 'admin'

/**
 * A distribution of Keycloak on this machine, as a server of its own on free ports of the loopback address. Unless the distribution
 * was built with our provider, for PostgreSQL and with health checks, a build comes first.
 */
export const localKeycloak = ({
  home = process.env['KEYCLOAK_HOME'],
  pepper,
  postgres,
  compiler = 'thorough',
}: LocalKeycloak): Way<KeycloakService> => ({
  backend: 'local',
  async why(signal) {
    if (!home) return 'no distribution is named: --keycloak-home FOLDER'
    return (await whyNoDistribution(resolve(home))) ?? (await whyNoJava(signal))
  },
  async start(context) {
    const distribution = resolve(home ?? '')
    const database = await postgres.createDatabase('keycloak')
    const reached = databaseConfiguration(database)
    const administrator = { adminUser: ADMIN, adminPassword: randomBytes(18).toString('base64url') }
    const folder = join(context.lease.folder, 'keycloak')
    await makeHome(distribution, folder)
    const configuration = {
      ...(reached ?? { db: 'dev-file' }),
      'http-enabled': 'true',
      'http-host': '127.0.0.1',
      'hostname-strict': 'false',
      'health-enabled': 'true',
      'metrics-enabled': 'false',
      'cache': 'local',
      'log-level': 'INFO,io.smallrye.health:ERROR',
      'bootstrap-admin-username': administrator.adminUser,
      'bootstrap-admin-password': administrator.adminPassword,
      ...pepperConfiguration(pepper),
    }
    const running = await runKeycloak({ home: folder, configuration, administrator, compiler, context })
    const version = await distributionVersion(distribution)
    return {
      backend: 'local',
      what: `Keycloak${version === undefined ? '' : ` ${version}`} in ${distribution}${reached === undefined ? ', with its test database' : ''}`,
      ...running,
      ...(reached === undefined ? {} : { ownDatabase: database }),
    }
  },
})
