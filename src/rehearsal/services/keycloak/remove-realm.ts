import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { adminPath } from '../../../targets/keycloak/api/admin-path.ts'
import type { Belonging } from '../../leases/lease.ts'
import { askAsAdministrator } from './administrator.ts'
import type { KeycloakAddress } from './keycloak-service.ts'
import { attributesOf } from './realm-attributes.ts'
import { leaseIdOf, REALM_MARK } from './rehearsal-realm.ts'

/** With many people in it Keycloak takes its time. Milliseconds. */
const DELETE_MS = 15 * 60_000

const withoutSlash = (url: string): string => url.replace(/\/+$/u, '')

/**
 * Deletes the realm of a rehearsal with everybody in it. One that is gone is no mistake.
 * @throws Syn2opError target.not-allowed where it is at another Keycloak than the one whose administrator is known, or the realm does
 * not say that it is this rehearsal's; server.unreachable; the reason of `stopped` when that is aborted
 * @param stopped ends the waiting; absent where the end of a rehearsal waits, whatever stopped that
 */
export const removeRealm = async (
  address: KeycloakAddress,
  { url, name }: Pick<Extract<Belonging, { kind: 'realm' }>, 'url' | 'name'>,
  stopped?: AbortSignal,
): Promise<void> => {
  const at = { ...address, url: withoutSlash(address.url) }
  if (at.url !== withoutSlash(url)) throw notAllowed(`The realm ${name} is at ${url}, whose administrator nobody named`)
  const path = adminPath`realms/${name}`
  const untilLate = (): AbortSignal =>
    AbortSignal.any([AbortSignal.timeout(DELETE_MS), ...(stopped === undefined ? [] : [stopped])])
  const found = await attributesOf(at, name, untilLate())
  if (found.status === 404) return
  const mark = found.attributes?.[REALM_MARK]
  if (mark === undefined || mark !== leaseIdOf(name)) {
    throw notAllowed(`The realm ${name} at ${url} does not say that it is a rehearsal's, and stays`)
  }
  const { status } = await askAsAdministrator(at, {
    method: 'DELETE',
    path,
    signal: untilLate(),
    timeoutMs: DELETE_MS,
  })
  if (status !== 204 && status !== 404) throw notAllowed(`The realm ${name} at ${url} cannot be deleted: ${status}`)
}

const notAllowed = (message: string): Syn2opError =>
  new Syn2opError('target.not-allowed', message, {
    next: ['Delete it in the console of Keycloak, as an administrator of the realm master.'],
  })
