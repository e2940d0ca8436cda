import { registrationBindings } from '../api/actions-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { countUsers } from './count-users.ts'
import { neededScopes } from './needed-scopes.ts'
import { readAction } from './read-action.ts'
import { readConnection, readProviders } from './read-connections.ts'
import type { Auth0Seen } from './seen.ts'

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
  const may = (scope: string): boolean => held?.includes(scope) ?? true
  if (!may('read:connections')) return { missingScopes, limits: [] }
  const mayReadOptions = may('read:connections_options')
  const connection = mayReadOptions ? await readConnection(request, config.connection) : undefined
  const providers = await readProviders(request, may)
  const action = await readAction(request, may)
  const onRegistration = may('read:actions')
    ? (await registrationBindings(api, signal)).map(({ displayName }) => displayName)
    : 'not allowed'
  const isThere = connection !== undefined && may('read:users')
  const users = isThere ? await countUsers(request, config.connection) : undefined
  return {
    missingScopes,
    ...(mayReadOptions ? { connection: connection ?? 'missing' } : {}),
    providers,
    ...(action === undefined ? {} : { action }),
    onRegistration,
    ...(users === undefined ? {} : { people: users.people }),
    limits: users?.told === undefined ? [] : [{ of: 'users read', limit: users.told.limit }],
  }
}
