import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { connectionByName, enabledClients, optionsOf, type PresentConnection } from '../api/connections-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { scimConfiguration } from '../api/scim-api.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { ENTRA } from './entra.ts'
import type { ConnectionSeen, EntraSeen, ProviderSeen } from './seen.ts'

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
 * @throws Syn2opError server.unreachable; target.not-allowed also where options may not be read
 */
export const readConnections = async (
  request: ReadConnections,
  may: (scope: string) => boolean,
): Promise<ConnectionsSeen> => {
  const connection = await readConnection(request, request.config.connection)
  const providers = await readProviders(request, may)
  return { ...(connection === undefined ? {} : { connection }), providers }
}

/** Undefined where there is none. @throws Syn2opError target.not-allowed also where its options may not be read */
export const readConnection = async (asking: Asking, name: string): Promise<ConnectionSeen | undefined> => {
  const connection = await connectionByName(asking.api, name, asking.signal)
  if (connection === undefined) return undefined
  return { ...connection, options: optionsOf(connection), clients: await clientsOf(asking, connection) }
}

const clientsOf = async ({ api, signal }: Asking, { id }: { readonly id: string }): Promise<readonly string[]> =>
  (await enabledClients(api, id, signal)) ?? []

/** Those that are there. Of their options nothing is kept but by what Entra's know people. */
export const readProviders = async (
  request: ReadConnections,
  may: (scope: string) => boolean,
): Promise<readonly ProviderSeen[]> => {
  const maySeeScim = may('read:scim_config')
  const seen: ProviderSeen[] = []
  const named = new Map(request.config.providers.filter(({ link }) => link !== 'leave').map((one) => [one.id, one]))
  for (const [name, provider] of named) {
    const connection = await connectionByName(request.api, name, request.signal)
    if (connection === undefined) continue
    const { id, strategy } = connection
    const clients = await clientsOf(request, connection)
    const scim = maySeeScim && provider.link === 'scim' ? await readScim(request, id) : undefined
    const entra = entraOf(connection)
    seen.push({
      id,
      name,
      strategy,
      clients,
      ...(scim === undefined ? {} : { scim }),
      ...(entra === undefined ? {} : { entra }),
    })
  }
  return seen
}

const entraOf = ({ strategy, options }: PresentConnection): EntraSeen | undefined => {
  if (strategy !== ENTRA || options === undefined) return undefined
  const { userid_attribute: attribute, useCommonEndpoint } = options
  return {
    ...(typeof attribute === 'string' ? { userIdAttribute: attribute } : {}),
    isCommon: useCommonEndpoint === true,
  }
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
