import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { connectionByName, enabledClients, type PresentConnection } from '../api/connections-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { scimConfiguration } from '../api/scim-api.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import type { ConnectionSeen, ProviderSeen } from './seen.ts'

interface Asking {
  readonly api: ManagementApi
  readonly signal: AbortSignal
}

interface ReadConnections extends Asking {
  readonly config: Pick<Auth0Config, 'connection' | 'providers'>
}

export interface ConnectionsSeen {
  /** Absent: there is none. */
  readonly connection?: ConnectionSeen
  /** Those that are there, and to which anything leads. */
  readonly providers: readonly ProviderSeen[]
}

/**
 * Reads the connections that auth0.yaml names.
 * @param may whether the client has a scope
 * @throws Syn2opError server.unreachable, target.not-allowed
 */
export const readConnections = async (
  request: ReadConnections,
  may: (scope: string) => boolean,
): Promise<ConnectionsSeen> => {
  const connection = await readConnection(request, request.config.connection)
  const providers = await readProviders(request, may('read:scim_config'))
  return { ...(connection === undefined ? {} : { connection }), providers }
}

/** Undefined where there is none. */
export const readConnection = async ({ api, signal }: Asking, name: string): Promise<ConnectionSeen | undefined> => {
  const connection = await connectionByName(api, name, signal)
  return connection === undefined ? undefined : withClients(api, connection, signal)
}

const withClients = async (
  api: ManagementApi,
  connection: PresentConnection,
  signal: AbortSignal,
): Promise<ConnectionSeen> => ({ ...connection, clients: (await enabledClients(api, connection.id, signal)) ?? [] })

const readProviders = async (request: ReadConnections, maySeeScim: boolean): Promise<readonly ProviderSeen[]> => {
  const seen: ProviderSeen[] = []
  const named = new Map(request.config.providers.filter(({ link }) => link !== 'leave').map((one) => [one.id, one]))
  for (const [name, provider] of named) {
    const connection = await readConnection(request, name)
    if (connection === undefined) continue
    const { id, strategy, clients } = connection
    const scim = maySeeScim && provider.link === 'scim' ? await readScim(request, id) : undefined
    seen.push({ id, name, strategy, clients, ...(scim === undefined ? {} : { scim }) })
  }
  return seen
}

/** Of a connection, by its id. */
export const readScim = async ({ api, signal }: Asking, id: string): Promise<NonNullable<ProviderSeen['scim']>> => {
  try {
    const configuration = await scimConfiguration(api, id, signal)
    return configuration === undefined ? 'none' : { userIdAttribute: configuration.userIdAttribute }
  } catch (error) {
    // The scope is there: what is not let through is not part of what the tenant has.
    if (error instanceof Syn2opError && error.code === 'target.not-allowed') return 'refused'
    throw error
  }
}
