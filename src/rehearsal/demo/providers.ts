import type { ClientBase } from 'pg'
import { insertProviders } from '../ends/mas/provider-rows.ts'
import { DEMO, DEMO_PROVIDERS } from './constants.ts'

/** Inserts the demo's upstream providers into an empty MAS database. */
export const insertDemoProviders = (client: ClientBase): Promise<void> =>
  insertProviders(
    client,
    DEMO_PROVIDERS.map(({ uuid, issuer, name }, order) => ({
      uuid,
      issuer,
      humanName: name,
      enabled: true,
      clientId: `syn2op-demo-${order}`,
    })),
    DEMO.now,
  )
