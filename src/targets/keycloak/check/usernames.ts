import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { RealmSettings, UserProfile } from './seen.ts'

/** Localparts of accounts that are neither deactivated nor of an application service, as they would be as usernames. */
export interface NameCounts {
  /** Those that the rules of the profile refuse. */
  readonly refused: Named
  /** Those that are an address of somebody else's. */
  readonly addresses: Named
}

export interface Named {
  readonly count: number
  /** Matrix ids. */
  readonly samples: readonly string[]
}

/** What the profile asks of usernames. */
export interface UsernameRules {
  readonly shortest: number
  /** Not <, >, &, /, =, blanks and their like. */
  readonly plainSigns: boolean
  /** Latin letters only. */
  readonly latinOnly: boolean
}

export const usernameRules = ({ attributes }: UserProfile): UsernameRules => {
  const { length, ...others } = attributes.find(({ name }) => name === 'username')?.validations ?? {}
  const shortest = length?.['min']
  return {
    shortest: typeof shortest === 'number' ? shortest : Number(shortest ?? 0) || 0,
    plainSigns: Object.hasOwn(others, 'username-prohibited-characters'),
    latinOnly: Object.hasOwn(others, 'up-username-not-idn-homograph'),
  }
}

/** Usernames with which people could not log in. Only localparts were counted, hence "about". */
export const checkUsernames = (
  { editUsernameAllowed, loginWithEmailAllowed }: RealmSettings,
  { refused, addresses }: NameCounts,
): readonly Finding[] => [
  ...(editUsernameAllowed && refused.count > 0
    ? [
        finding('KEYCLOAK_USERNAMES_REFUSED', {
          message: `The realm lets people edit their username, and refuses about ${counted(refused.count, 'username', 'usernames')} that people have.`,
          ...refused,
          remedy: [
            'Realm settings, Login: turn "Edit username" off.',
            'Or let the profile take such names: syn2op keycloak prepare --relax-usernames',
          ],
        }),
      ]
    : []),
  ...(loginWithEmailAllowed && addresses.count > 0
    ? [
        finding('KEYCLOAK_USERNAME_IS_EMAIL', {
          message: `About ${counted(addresses.count, 'username is', 'usernames are')} an e-mail address of somebody else’s.`,
          ...addresses,
          remedy: [
            'Give these people another username in the mapping (`usernames`).',
            'Or Realm settings, Login: turn "Login with email" off.',
          ],
        }),
      ]
    : []),
]
