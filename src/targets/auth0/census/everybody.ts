import { databaseUsers } from '../accounts/linked-user.ts'
import { connectionByName } from '../api/connections-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { PresentUser } from '../api/user.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { exportUsers } from './export-users.ts'

/**
 * The users of a database connection. Whoever is linked to a user of SCIM is exported with that one's connection.
 * @throws Syn2opError server.unreachable; target.not-allowed where Auth0 begins no export
 */
export async function* everybody(
  {
    api,
    config,
    connectionId,
  }: {
    readonly api: ManagementApi
    readonly config: Pick<Auth0Config, 'connection' | 'providers'>
    readonly connectionId: string
  },
  signal: AbortSignal,
): AsyncGenerator<PresentUser> {
  for await (const user of exportUsers(api, connectionId, signal)) yield* databaseUsers(user, config.connection)
  for (const { id } of config.providers.filter(({ link }) => link === 'scim')) {
    const connection = await connectionByName(api, id, signal)
    if (connection === undefined) continue
    for await (const user of exportUsers(api, connection.id, signal)) yield* databaseUsers(user, config.connection)
  }
}
