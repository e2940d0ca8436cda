import type { Finding } from '../../../findings/finding.ts'
import type { SynapseProvider } from '../../../synapse/homeserver.ts'
import type { TargetCheck } from '../../target.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { checkClients } from './clients.ts'
import type { PeopleCounts } from './count-people.ts'
import { checkLoginFlow } from './login-flow.ts'
import { ofEveryNode } from './nodes.ts'
import { checkPasswordPolicy } from './password-policy.ts'
import { checkPasswords } from './passwords.ts'
import { checkPeople } from './people.ts'
import { checkProfile } from './profile.ts'
import { checkProviders } from './providers.ts'
import type { KeycloakSeen } from './seen.ts'
import { checkAddress, checkRoles, checkServer, checkStatistics } from './server.ts'
import { checkCanaryClients, checkSettings } from './settings.ts'
import { checkUsernames } from './usernames.ts'

export interface KeycloakJudged {
  readonly config: KeycloakConfig
  /** Synapse's; a secret. */
  readonly pepper: string | undefined
  readonly mapped: readonly string[]
  readonly providerVersion: string
  readonly providersInUse: TargetCheck['providersInUse']
  /** Hashes to be carried; where nobody has counted them there are taken to be some. */
  readonly passwords: number | undefined
  readonly seen: KeycloakSeen
  /** Counted in the source; undefined where there is none to be asked. */
  readonly people: PeopleCounts | undefined
  /** The SSO providers of homeserver.yaml. */
  readonly configured: readonly SynapseProvider[]
}

/** Judges what was read. The order is that of the work to do; errors first is the renderer's affair. */
export const judgeKeycloak = (judged: KeycloakJudged): readonly Finding[] => {
  const { config, pepper, mapped, providerVersion, passwords, seen, people } = judged
  const { settings, profile, servers, requiredActions } = seen
  return [
    ...checkAddress(config),
    ...checkRoles(seen, config),
    ...ofEveryNode(servers, (server) => [
      ...checkServer(server, seen),
      ...checkPasswords({ server, providerVersion, pepper, count: passwords }),
    ]),
    ...(profile === undefined ? [] : checkProfile({ profile, requiredActions, config, mapped, people })),
    ...(settings === undefined
      ? []
      : [...checkSettings(settings, config), ...checkPasswordPolicy(settings, passwords)]),
    ...checkLoginFlow(seen, passwords),
    ...(people === undefined ? [] : checkUsernames(people)),
    ...checkProviders({
      config,
      configured: judged.configured,
      present: seen.identityProviders,
      inUse: judged.providersInUse,
    }),
    ...checkPeople(seen, config),
    ...checkStatistics(seen),
    ...checkClients(seen),
    ...checkCanaryClients(seen),
  ]
}
