import { onTestFinished } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import { auth0Id } from '../../../src/rehearsal/standins/auth0/jobs/job-id.ts'
import { type StandIn, type StandInOptions, startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { Connection } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { type ManagementApi, openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import type { Auth0Config } from '../../../src/targets/auth0/config/auth0-config.ts'

export interface TenantAndApi {
  readonly standIn: StandIn
  readonly clock: SimulatedClock
  readonly config: Auth0Config
  readonly api: ManagementApi
}

/** Settings of a connection that asks nobody for an e-mail address. */
export const EMAIL_OPTIONAL = {
  attributes: {
    email: { identifier: { active: true }, profile_required: false },
    username: {
      identifier: { active: true },
      profile_required: true,
      validation: { min_length: 1, max_length: 128 },
    },
  },
}

/** A tenant whose time is simulated, and what the target asks it by; both are closed after the test. */
export const tenantAndApi = async (
  others: Partial<Auth0Config> = {},
  options: Omit<StandInOptions, 'clock'> = {},
): Promise<TenantAndApi> => {
  const clock = simulatedClock()
  const standIn = await startStandIn({ clock, ...options })
  const { url, client, connection } = standIn
  const config: Auth0Config = {
    files: ['auth0.yaml'],
    url,
    client: { id: client.id, secret: client.secret },
    connection: connection.name,
    plan: options.plan ?? 'enterprise',
    passwords: 'carry',
    pepper: 'withhold',
    usernames: { unfit: 'escape' },
    email: { without: 'allow' },
    providers: [],
    application: { id: client.id, secret: client.secret },
    rate: { share: 1 },
    ...others,
  }
  const api = openManagementApi(config, { clock })
  onTestFinished(async () => {
    await api.close()
    await standIn.close()
  })
  return { standIn, clock, config, api }
}

/** A connection through which people come from elsewhere. */
export const addConnection = ({ tenant, client }: StandIn, name: string, strategy: string): Connection => {
  const connection: Connection = {
    id: auth0Id('con'),
    name,
    strategy,
    options: {},
    enabledClients: new Set([client.id]),
  }
  tenant.connections.set(connection.id, connection)
  return connection
}
