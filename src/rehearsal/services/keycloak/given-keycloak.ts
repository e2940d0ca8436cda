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

/** A Keycloak that is there: it gets a realm more, which is deleted afterwards, and is otherwise left as it is. */
export const givenKeycloak = ({ url, adminUser, adminPassword }: KeycloakAddress): Way<KeycloakService> => {
  const address: KeycloakAddress = { url: url.replace(/\/+$/u, ''), adminUser, adminPassword }
  return {
    backend: 'given',
    async why(signal) {
      const wrong = whyNoAddress(url)
      if (wrong !== undefined) return wrong
      const signedIn = await signInAsAdministrator(address, signal)
      return 'why' in signedIn ? signedIn.why : undefined
    },
    async start({ signal }) {
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
