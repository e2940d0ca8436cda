import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { connectionByName, enabledClients, type PresentConnection } from '../api/connections-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { scimConfiguration } from '../api/scim-api.ts'
import type { Auth0Config, Auth0Provider } from '../config/auth0-config.ts'
import { countUsers } from './count-users.ts'
import { neededScopes } from './needed-scopes.ts'
import type { Auth0Seen, ConnectionSeen, ProviderSeen } from './seen.ts'

interface ReadTenant {
  readonly api: ManagementApi
  readonly config: Auth0Config
  /** Of the homeserver whose people move. */
  readonly serverName: string
  readonly signal: AbortSignal
}

/**
 * Reads all that the check judges, with as few requests as that takes: some plans let five of a kind in at once. Writes nothing. What
 * the client may not read is left out.
 * @throws Syn2opError server.unreachable; target.not-allowed where the client is given no token
 */
export const readTenant = async (request: ReadTenant): Promise<Auth0Seen> => {
  const { api, config, signal } = request
  const held = await api.scopes(signal)
  const missingScopes = held === undefined ? [] : neededScopes(config).filter((scope) => !held.includes(scope))
  const may = (scope: string): boolean => !missingScopes.includes(scope)
  if (!may('read:connections')) return { missingScopes, limits: [] }
  const connection = await readConnection(request, config.connection)
  const providers = await readProviders(request, may('read:scim_config'))
  const isThere = connection !== undefined && may('read:users')
  const users = isThere ? await countUsers(request, config.connection) : undefined
  return {
    missingScopes,
    connection: connection ?? 'missing',
    providers,
    ...(users === undefined ? {} : { people: users.people }),
    limits: users?.told === undefined ? [] : [{ of: 'users read', limit: users.told.limit }],
  }
}

const readConnection = async ({ api, signal }: ReadTenant, name: string): Promise<ConnectionSeen | undefined> => {
  const connection = await connectionByName(api, name, signal)
  return connection === undefined ? undefined : withClients(api, connection, signal)
}

const withClients = async (
  api: ManagementApi,
  connection: PresentConnection,
  signal: AbortSignal,
): Promise<ConnectionSeen> => ({ ...connection, clients: (await enabledClients(api, connection.id, signal)) ?? [] })

/** Those to which anything leads. */
const readProviders = async (request: ReadTenant, maySeeScim: boolean): Promise<readonly ProviderSeen[]> => {
  const seen: ProviderSeen[] = []
  const named = new Map(request.config.providers.filter(({ link }) => link !== 'leave').map((one) => [one.id, one]))
  for (const [name, provider] of named) {
    const connection = await readConnection(request, name)
    if (connection === undefined) continue
    const { id, strategy, clients } = connection
    const scim = maySeeScim ? await readScim(request, provider, id) : undefined
    seen.push({ id, name, strategy, clients, ...(scim === undefined ? {} : { scim }) })
  }
  return seen
}

const readScim = async (
  { api, signal }: ReadTenant,
  { link }: Auth0Provider,
  id: string,
): Promise<ProviderSeen['scim']> => {
  if (link !== 'scim') return undefined
  try {
    const configuration = await scimConfiguration(api, id, signal)
    return configuration === undefined ? 'none' : { userIdAttribute: configuration.userIdAttribute }
  } catch (error) {
    // The scope is there: what is not let through is not part of what the tenant has.
    if (error instanceof Syn2opError && error.code === 'target.not-allowed') return 'refused'
    throw error
  }
}
