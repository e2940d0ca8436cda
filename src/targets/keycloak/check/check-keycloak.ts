import type { Finding } from '../../../findings/finding.ts'
import type { ConflictRules } from '../../../mapping/mapping.ts'
import type { TargetCheck } from '../../target.ts'
import type { AdminApi } from '../api/admin-api.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { readProviderJar } from '../provider/provider-jar.ts'
import { countPeople } from './count-people.ts'
import { judgeKeycloak } from './judge-keycloak.ts'
import { readRealm } from './read-realm.ts'

export interface KeycloakCheck {
  readonly api: AdminApi
  readonly config: KeycloakConfig
  /** Synapse's; a secret. */
  readonly pepper: string | undefined
  /** Names of the attributes that the mapping makes. */
  readonly mapped?: readonly string[]
  readonly conflicts: Pick<ConflictRules, 'email'>
  readonly check: TargetCheck
  readonly signal: AbortSignal
}

/**
 * Everything about Keycloak that stands in the way of a correct migration or that an administrator must know before one.
 * Writes nothing.
 * @throws Syn2opError as `readRealm`
 */
export const checkKeycloak = async (request: KeycloakCheck): Promise<readonly Finding[]> => {
  const { api, config, pepper, mapped = [], conflicts, check, signal } = request
  const seen = await readRealm({ api, config, serverName: check.homeserver.serverName, signal })
  const { people } = check
  return judgeKeycloak({
    config,
    pepper,
    mapped,
    providerVersion: (await readProviderJar()).version,
    providersInUse: check.providersInUse,
    passwords: check.passwords,
    seen,
    people: people === undefined ? undefined : await countPeople({ people, config, conflicts, seen }),
    configured: check.homeserver.providers,
  })
}
