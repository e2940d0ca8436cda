import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { loadMapping, starterMapping } from '../../../mapping/load-mapping.ts'
import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import { openManagementApi } from '../../../targets/auth0/api/management-api.ts'
import { openAuth0 } from '../../../targets/auth0/auth0-target.ts'
import type { Auth0Config, Auth0Plan } from '../../../targets/auth0/config/auth0-config.ts'
import { loadAuth0Config } from '../../../targets/auth0/config/load-auth0-config.ts'
import type { StartContext } from '../../services/way.ts'
import type { StandIn } from '../../standins/auth0/server.ts'
import { writeSecret } from '../../write-secret.ts'
import type { ThrowAwayTarget, Unproved } from '../throw-away-target.ts'
import { prepareTenant, startTenant } from './make-tenant.ts'
import { fittingTenant, type TenantWish, wishAsYaml } from './tenant-wish.ts'

export interface Auth0EndOptions {
  readonly homeserver: HomeserverConfig
  /** The administrator's own auth0.yaml, which the tenant is made to fit; absent or empty: it is made to fit the homeserver. */
  readonly targetConfig?: readonly string[]
  readonly mapping?: string
  /** Stands over what auth0.yaml says. */
  readonly plan?: Auth0Plan
  readonly context: StartContext
}

const WHAT = 'stand-in for a tenant of Auth0, built from what Auth0 publishes'

const TOLD = `Auth0 is a ${WHAT}; \`syn2op auth0 canary\` asks a real one`

/** Passwords are tried, at the stand-in. */
const UNPROVED: readonly Unproved[] = [
  {
    what: 'tokens',
    why: 'Sessions and old tokens stay with Synapse, and Auth0 knows nothing of them. None was tried, since no Synapse ran: --synapse-python FILE or --image synapse=IMAGE starts one',
  },
  {
    what: 'sso',
    why: 'Nobody came by an identity provider, and no tenant was asked: this was a stand-in built from what Auth0 publishes; `syn2op auth0 canary` asks a real one',
  },
]

/**
 * A tenant of Auth0's that is none: our stand-in, whose time jumps over every wait, prepared as `auth0 prepare` and `auth0 action` prepare
 * one. It has the plan, the rules and the providers of the administrator's auth0.yaml where there is one.
 * @throws Syn2opError config.invalid, config.unreadable, mapping.invalid
 */
export const auth0End = async ({
  homeserver,
  targetConfig = [],
  mapping: mappingFile,
  plan,
  context,
}: Auth0EndOptions): Promise<ThrowAwayTarget> => {
  const { lease, signal } = context
  const mapping = await loadMapping(mappingFile ?? starterMapping('auth0'))
  const wanted = targetConfig.length === 0 ? fittingTenant(homeserver) : await loadAuth0Config(targetConfig, ELSEWHERE)
  const wish: TenantWish = plan === undefined ? wanted : { ...wanted, plan }
  context.note(TOLD)
  const standIn = await startTenant(wish)
  try {
    const runs = join(lease.folder, 'runs')
    await mkdir(runs, { recursive: true, mode: 0o700 })
    const configFile = await writeSecret(lease.folder, 'auth0.yaml', stringify(asYaml(wish, standIn)))
    const config = await loadAuth0Config([configFile])
    await prepared(standIn, { ...context, config, runs })
    const { conflicts } = mapping
    const { clock } = standIn.tenant
    return {
      name: 'auth0',
      services: [WHAT],
      configFile,
      mapping,
      open: (stop) =>
        openAuth0({
          config,
          serverName: homeserver.serverName,
          conflicts,
          pepper: homeserver.pepper,
          folder: runs,
          clock,
          signal: stop,
        }),
      clock,
      unproved: UNPROVED,
      normalises: 'no',
      stop: () => standIn.close(),
    }
  } catch (error) {
    await standIn.close()
    signal.throwIfAborted()
    throw error
  }
}

/** The secrets of a real tenant are not asked for: nobody asks that tenant. */
const ELSEWHERE = { secrets: { client: 'not asked', application: 'not asked' } }

const asYaml = (wish: TenantWish, { url, client: { id, secret } }: StandIn): Readonly<Record<string, unknown>> => ({
  url,
  client: { id, secret },
  ...wishAsYaml(wish),
  application: { id, secret },
})

const prepared = async (
  { tenant: { clock } }: StandIn,
  { config, runs, note, signal }: { readonly config: Auth0Config; readonly runs: string } & StartContext,
): Promise<void> => {
  const api = openManagementApi(config, { clock })
  try {
    await prepareTenant(api, { config, runs, note, signal })
  } finally {
    await api.close()
  }
}
