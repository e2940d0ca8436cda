import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { adminPath } from '../../../targets/keycloak/api/admin-path.ts'
import { askAsAdministrator } from './administrator.ts'
import type { KeycloakAddress } from './keycloak-service.ts'
import { attributesOf } from './realm-attributes.ts'
import { keptMarks } from './rehearsal-realm.ts'

/**
 * Has a realm say that it is to stay, for a sweep that cannot see its lease.
 * Source: Keycloak's Admin REST API, PUT /admin/realms/{realm}: what is not named stays, but attributes are replaced as a whole.
 * @throws Syn2opError target.not-allowed where Keycloak does not let us; server.unreachable
 */
export const keepRealm = async (address: KeycloakAddress, name: string, signal: AbortSignal): Promise<void> => {
  const { status: found, attributes } = await attributesOf(address, name, signal)
  const path = adminPath`realms/${name}`
  const { status } =
    attributes === undefined
      ? { status: found }
      : await askAsAdministrator(address, { method: 'PUT', path, body: { attributes: keptMarks(attributes) }, signal })
  if (status !== 204) {
    throw new Syn2opError('target.not-allowed', `The realm ${name} cannot be marked as one that is to stay: ${status}`)
  }
}
