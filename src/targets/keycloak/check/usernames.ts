import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { PeopleCounts } from './count-people.ts'

/** Usernames with which people could not log in. */
export const checkUsernames = ({ refused, addresses }: PeopleCounts): readonly Finding[] => {
  const usernames = refused.get('username')
  return [
    ...(usernames === undefined
      ? []
      : [
          finding('KEYCLOAK_USERNAMES_REFUSED', {
            message: `The realm lets people edit their username, and refuses ${counted(usernames.count, 'username', 'usernames')} that people have.`,
            ...usernames,
            remedy: [
              'Realm settings, Login: turn "Edit username" off.',
              'Or let the profile take such names: syn2op keycloak prepare --relax-usernames',
            ],
          }),
        ]),
    ...(addresses.count === 0
      ? []
      : [
          finding('KEYCLOAK_USERNAME_IS_EMAIL', {
            message: `${counted(addresses.count, 'username is', 'usernames are')} an e-mail address of somebody else’s.`,
            ...addresses,
            remedy: [
              'Give these people another username in the mapping (`usernames`).',
              'Or Realm settings, Login: turn "Login with email" off.',
            ],
          }),
        ]),
  ]
}
