import { z } from 'zod'
import { isOrphan, type Orphan, type OrphanOptions } from '../../leases/orphan.ts'
import { wordsOf } from '../../words-of.ts'
import { askAsAdministrator } from './administrator.ts'
import type { KeycloakAddress } from './keycloak-service.ts'
import { attributesOf } from './realm-attributes.ts'
import { leaseIdOf, markOfRealm } from './rehearsal-realm.ts'
import { removeRealm } from './remove-realm.ts'

const REALMS = z.array(z.object({ realm: z.string() }))

/**
 * Deletes realms of rehearsals whose lease is gone, as `isOrphan` says. What cannot be looked at or deleted is told, and is no error.
 * @throws the signal's reason when it is aborted
 */
export const removeOrphanRealms = async (
  address: KeycloakAddress,
  orphans: OrphanOptions,
): Promise<readonly Orphan[]> => {
  const { note, signal } = orphans
  const at = { ...address, url: address.url.replace(/\/+$/u, '') }
  const removed: Orphan[] = []
  try {
    for (const name of await namesAt(at, signal)) {
      const { attributes = {} } = await attributesOf(at, name, signal)
      const mark = markOfRealm(name, attributes)
      if (mark === undefined || !(await isOrphan(mark, orphans))) continue
      const what = `the realm ${name} at ${at.url}`
      try {
        await removeRealm(at, { url: at.url, name }, signal)
        removed.push({ id: mark.id, what })
      } catch (error) {
        signal.throwIfAborted()
        note(`Not deleted what the rehearsal ${mark.id} left, ${what}: ${wordsOf(error)}`)
      }
    }
  } catch (error) {
    signal.throwIfAborted()
    note(`Not looked for realms that rehearsals have left: ${wordsOf(error)}`)
  }
  return removed
}

/** Of the realms that a rehearsal may have made. An administrator who may only make realms is shown those of theirs. */
const namesAt = async (address: KeycloakAddress, signal: AbortSignal): Promise<readonly string[]> => {
  const { status, body } = await askAsAdministrator(address, {
    method: 'GET',
    path: 'realms?briefRepresentation=true',
    signal,
  })
  const found = REALMS.safeParse(body).data
  if (status !== 200 || found === undefined) throw new Error(`Keycloak does not list them: ${status}`)
  return found.map(({ realm }) => realm).filter((name) => leaseIdOf(name) !== undefined)
}
