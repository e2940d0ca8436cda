import { Syn2opError } from '../../errors/syn2op-error.ts'
import { connectionByName, type PresentConnection } from './api/connections-api.ts'
import type { ManagementApi } from './api/management-api.ts'
import type { Auth0Config } from './config/auth0-config.ts'

/** The database connection that the configuration names. @throws Syn2opError config.invalid where it is not there */
export const requireConnection = async (
  api: ManagementApi,
  { connection: name, url }: Pick<Auth0Config, 'connection' | 'url'>,
  signal: AbortSignal,
): Promise<PresentConnection> => {
  const connection = await connectionByName(api, name, signal)
  if (connection !== undefined) return connection
  throw new Syn2opError('config.invalid', `Auth0 at ${url} has no connection ${name}`, {
    next: [
      'Write the name of the database connection as `connection` into auth0.yaml, or make it: `syn2op auth0 prepare`.',
    ],
  })
}
