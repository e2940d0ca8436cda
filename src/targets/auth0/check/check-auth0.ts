import type { Finding } from '../../../findings/finding.ts'
import type { TargetCheck } from '../../target.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { DATABASE } from './connection.ts'
import { connectionRules } from './connection-rules.ts'
import { countPeople } from './count-people.ts'
import { judgeAuth0 } from './judge-auth0.ts'
import { readTenant } from './read-tenant.ts'

export interface Auth0Check {
  readonly api: ManagementApi
  readonly config: Auth0Config
  /** Synapse's; a secret. */
  readonly pepper: string | undefined
  readonly check: TargetCheck
  readonly signal: AbortSignal
}

/**
 * Everything about an Auth0 tenant that stands in the way of a correct migration or that an administrator must know before one.
 * Writes nothing.
 * @throws Syn2opError server.unreachable; target.not-allowed where the client is given no token
 */
export const checkAuth0 = async ({ api, config, pepper, check, signal }: Auth0Check): Promise<readonly Finding[]> => {
  const seen = await readTenant({ api, config, serverName: check.homeserver.serverName, signal })
  const { connection } = seen
  // What a connection of another kind would take of people is nothing to be mended.
  const isThere = connection !== undefined && connection !== 'missing' && connection.strategy === DATABASE
  const people =
    check.people === undefined || !isThere
      ? undefined
      : await countPeople(check.people, { ...config, takes: connectionRules(connection.options) })
  return judgeAuth0({
    config,
    pepper,
    providersInUse: check.providersInUse,
    passwords: check.passwords,
    seen,
    people,
  })
}
