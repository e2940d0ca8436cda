import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Way } from '../way.ts'
import { signInAsAdministrator, versionOf } from './administrator.ts'
import type { KeycloakAddress, KeycloakService } from './keycloak-service.ts'

/** Why an address cannot be one of Keycloak's. It is not repeated, since it may hold a password. */
const whyNoAddress = (given: string): string | undefined => {
  const url = URL.parse(given)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return 'its URL is no http or https address'
  if (url.username !== '' || url.password !== '') return 'its URL holds a user or a password: give them beside it'
  return undefined
}

const NEXT = {
  'server.unreachable': ['See whether that server runs and can be reached from here, then try again.'],
  'target.not-allowed': [
    'Name an administrator of its realm master who signs in by password alone: --rehearsal-keycloak-user NAME',
    'with the password as SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD, or in a file that SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD_FILE names.',
  ],
} as const

/**
 * A Keycloak that is there: it gets a realm more, which is deleted afterwards, and is otherwise left as it is. That it cannot be used
 * ends the rehearsal: somebody asked for it.
 */
export const givenKeycloak = ({ url, adminUser, adminPassword }: KeycloakAddress): Way<KeycloakService> => {
  const address: KeycloakAddress = { url: url.replace(/\/+$/u, ''), adminUser, adminPassword }
  return {
    backend: 'given',
    why: async () => whyNoAddress(url),
    async start({ signal }) {
      const signedIn = await signInAsAdministrator(address, signal)
      if ('why' in signedIn) {
        throw new Syn2opError(signedIn.code, `Keycloak: ${signedIn.why}`, { next: NEXT[signedIn.code] })
      }
      const version = await versionOf(address, signal)
      return {
        ...address,
        backend: 'given',
        what: `Keycloak${version === undefined ? '' : ` ${version}`} at ${address.url}`,
        keep: async () => {},
        stop: async () => {},
      }
    },
  }
}
