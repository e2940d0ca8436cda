import type { ManagementApi } from '../../../targets/auth0/api/management-api.ts'
import type { Auth0Config } from '../../../targets/auth0/config/auth0-config.ts'
import { deployLinking } from '../../../targets/auth0/links/action/deploy.ts'
import { applyPrepare, showPrepare } from '../../../targets/auth0/prepare/prepare.ts'
import type { StartContext } from '../../services/way.ts'
import { auth0Id } from '../../standins/auth0/jobs/job-id.ts'
import { type StandIn, startStandIn } from '../../standins/auth0/server.ts'
import { tenantClock } from './tenant-clock.ts'
import type { TenantWish } from './tenant-wish.ts'

/** A stand-in with the connections of other providers, and with no database connection yet: `prepareTenant` makes it, as `auth0 prepare` does. */
export const startTenant = async ({ plan, connection, providers }: TenantWish): Promise<StandIn> => {
  const standIn = await startStandIn({ plan, clock: tenantClock() })
  const { connections } = standIn.tenant
  connections.delete(standIn.connection.id)
  const strategies = new Map(providers.map(({ id, strategy }) => [id, strategy]))
  for (const [name, strategy] of strategies) {
    // One name is one connection: the check says what is wrong with such a file.
    if (name === connection) continue
    const id = auth0Id('con')
    connections.set(id, { id, name, strategy, options: {}, enabledClients: new Set([standIn.client.id]) })
  }
  return standIn
}

/** As the administrator does before people move: `auth0 prepare --apply`, and `auth0 action --apply` where a provider asks for it. */
export const prepareTenant = async (
  api: ManagementApi,
  { config, runs, note, signal }: { readonly config: Auth0Config; readonly runs: string } & Omit<StartContext, 'lease'>,
): Promise<void> => {
  const email = config.email.without === 'allow' ? 'may be lacking' : 'as it is'
  const shown = await showPrepare({ api, config, lacking: { email, phone: 'may be lacking' }, signal })
  const { error } = await applyPrepare(shown, { api, config, runs, note, signal })
  if (error instanceof Error) throw error
  if (config.providers.some(({ link }) => link === 'action'))
    await deployLinking(api, { config, client: config.client, signal })
}
