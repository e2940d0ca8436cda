import type { Finding } from '../../../findings/finding.ts'
import type { TargetCheck } from '../../target.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { checkPasswordPolicy } from './password-policy.ts'
import { checkPasswords } from './passwords.ts'
import { checkPeople } from './people.ts'
import { checkProfile } from './profile.ts'
import { checkProviders } from './providers.ts'
import type { KeycloakSeen } from './seen.ts'
import { checkAddress, checkRoles, checkServer, checkStatistics } from './server.ts'
import { checkCanaryClients, checkSettings } from './settings.ts'
import { checkUsernames, type NameCounts } from './usernames.ts'

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
  readonly names: NameCounts | undefined
  readonly withoutEmail: number | undefined
}

/** Judges what was read. The order is that of the work to do; errors first is the renderer's affair. */
export const judgeKeycloak = (judged: KeycloakJudged): readonly Finding[] => {
  const { config, pepper, mapped, providerVersion, passwords, seen, names, withoutEmail } = judged
  const { settings, profile, server, requiredActions } = seen
  return [
    ...checkAddress(config),
    ...checkRoles(seen, config),
    ...checkServer(seen),
    ...checkPasswords({ server, providerVersion, pepper, count: passwords }),
    ...(profile === undefined ? [] : checkProfile({ profile, requiredActions, config, mapped, withoutEmail })),
    ...(settings === undefined
      ? []
      : [...checkSettings(settings, config), ...checkPasswordPolicy(settings, passwords)]),
    ...(settings === undefined || names === undefined ? [] : checkUsernames(settings, names)),
    ...checkProviders({ config, present: seen.identityProviders, inUse: judged.providersInUse }),
    ...checkPeople(seen, config),
    ...checkStatistics(seen),
    ...checkCanaryClients(seen),
  ]
}
