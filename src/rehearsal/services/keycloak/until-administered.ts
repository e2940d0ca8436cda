import { setTimeout as sleep } from 'node:timers/promises'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { signInAsAdministrator } from './administrator.ts'
import type { KeycloakAddress } from './keycloak-service.ts'

/** A loaded machine takes minutes for what takes half of one at rest. */
export const START_MS = 300_000

const POLL_MS = 250

/**
 * Waits until the administrator can sign in: only then are Keycloak's tables, its realm master and the administrator there.
 * @param ended says why it will not come any more
 * @throws Syn2opError rehearsal.no-backend with that, or when it takes too long; the signal's reason when it is aborted
 */
export const untilAdministered = async (
  address: KeycloakAddress,
  { ended, signal }: { readonly ended: () => string | undefined; readonly signal: AbortSignal },
): Promise<void> => {
  const pause = () => sleep(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  for (const deadline = Date.now() + START_MS; ; await pause()) {
    const signedIn = await signInAsAdministrator(address, signal)
    if ('token' in signedIn) return
    const why = ended() ?? (Date.now() > deadline ? `it is not ready after ${START_MS / 60_000} minutes` : undefined)
    if (why !== undefined) throw new Syn2opError('rehearsal.no-backend', `Keycloak does not start: ${why}`)
  }
}
