import { loadMapping, starterMapping } from '../../../../src/mapping/load-mapping.ts'
import type { Mapping } from '../../../../src/mapping/mapping.ts'
import type { PostgresSettings } from '../../../../src/postgres/settings.ts'
import { DEMO, DEMO_PROVIDERS } from '../../../../src/rehearsal/demo/constants.ts'
import type { HomeserverConfig } from '../../../../src/synapse/homeserver.ts'
import type { Auth0Provider } from '../../../../src/targets/auth0/config/auth0-config.ts'
import { createDemoHomeserver } from '../../migration/demo-homeserver.ts'
import { type OwnPostgres, startTestPostgres } from '../../postgres.ts'
import { soundHomeserver } from '../../sound-mas.ts'

/** A homeserver, read as an administrator has it read. */
export interface TestSource {
  readonly database: PostgresSettings
  readonly homeserver: HomeserverConfig
  readonly mapping: Mapping
}

/** A damaged demo homeserver. */
export interface DemoSource extends TestSource {
  readonly postgres: OwnPostgres
}

/** Connections of Auth0's that take the place of the demo's providers. */
export const DEMO_CONNECTIONS: readonly Auth0Provider[] = DEMO_PROVIDERS.map(({ authProvider }) => ({
  id: authProvider,
  authProvider,
  strategy: 'oidc',
  link: 'action',
}))

/** With the demo's pepper. */
export const sourceIn = async (database: PostgresSettings): Promise<TestSource> => ({
  database,
  homeserver: {
    ...soundHomeserver,
    serverName: DEMO.serverName,
    pepper: DEMO.pepper,
    database,
    accountValidityEnabled: true,
    approvalRequired: true,
  },
  mapping: await loadMapping(starterMapping('auth0')),
})

export const makeDemoSource = async (accounts: number): Promise<DemoSource> => {
  const postgres = await startTestPostgres()
  const database = await createDemoHomeserver(postgres, 'auth0_faults', { accounts })
  return { postgres, ...(await sourceIn(database)) }
}
