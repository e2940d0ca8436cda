import type { Finding } from '../../../findings/finding.ts'
import type { TargetCheck } from '../../target.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { checkConnection } from './connection.ts'
import { hasFlexibleIdentifiers } from './connection-rules.ts'
import type { PeopleCounts } from './count-people.ts'
import { checkPasswords } from './passwords.ts'
import { checkPeople } from './people.ts'
import { checkProviders } from './providers.ts'
import type { Auth0Seen } from './seen.ts'
import { checkTenant } from './tenant.ts'
import { checkUsernames } from './usernames.ts'

export interface Auth0Judged {
  readonly config: Auth0Config
  /** Synapse's; a secret. */
  readonly pepper: string | undefined
  readonly providersInUse: TargetCheck['providersInUse']
  /** Hashes to be carried; where nobody has counted them there are taken to be some. */
  readonly passwords: number | undefined
  readonly seen: Auth0Seen
  /** Counted in the source; undefined where there is none to be asked, or no connection to hold them against. */
  readonly people: PeopleCounts | undefined
}

/** Judges what was read. The order is that of the work to do; errors first is the renderer's affair. */
export const judgeAuth0 = ({
  config,
  pepper,
  providersInUse,
  passwords,
  seen,
  people,
}: Auth0Judged): readonly Finding[] => {
  const { connection } = seen
  const isFlexible = connection !== undefined && connection !== 'missing' && hasFlexibleIdentifiers(connection.options)
  return [
    ...checkTenant(seen, config),
    ...checkConnection(seen, config),
    ...(people === undefined
      ? []
      : [...checkUsernames(people, config), ...checkPeople(people, { config, connection, isFlexible })]),
    ...checkPasswords({ config, pepper, count: passwords }),
    ...checkProviders({ config, present: seen.providers, inUse: providersInUse, action: seen.action }),
  ]
}
