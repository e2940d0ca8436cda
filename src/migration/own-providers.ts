import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { Stoppable, Target } from '../targets/target.ts'

/**
 * Synapse's names of those of its providers that are the target itself: people log in there through it already, or will.
 * @param target that may be known by several addresses; a slash at the end makes no difference.
 */
export const ownProviders = async (
  target: Pick<Target, 'issuers'>,
  { providers }: Pick<HomeserverConfig, 'providers'>,
  stop: Stoppable,
): Promise<readonly string[]> => {
  if (target.issuers === undefined || providers.every(({ issuer }) => issuer === undefined)) return []
  const issuers = new Set((await target.issuers(stop)).map(bare))
  return providers.flatMap(({ authProvider, issuer }) =>
    issuer !== undefined && issuers.has(bare(issuer)) ? [authProvider] : [],
  )
}

const bare = (issuer: string): string => issuer.replace(/\/+$/u, '')
