import type { Claim } from '../claim.ts'
import { getsIn } from './logging-in.ts'

/**
 * bcrypt reads 72 bytes. Synapse cuts password and pepper together, so that the end of the pepper goes; Auth0's page on the import schema
 * can be read so that the pepper stays whole, and the password is cut to what it leaves.
 */
export const LONG_PEPPER: Claim = {
  id: 'password.with-a-long-pepper',
  says: 'A password of 20 bytes lets its owner in with a pepper of 64 bytes behind it, or one as long as that of Synapse where the settings name a homeserver.yaml: of the two together the first 72 bytes count.',
  otherwise:
    'With a pepper so long passwords do not move: set `passwords: leave` in auth0.yaml, and people choose new ones. With a shorter one those move that are no longer than the pepper leaves of 72 bytes.',
  ask: (probing) => {
    const { longPeppered } = probing.probes
    const seen = `logged in with ${longPeppered.password.length} bytes before a pepper of ${longPeppered.pepperBytes}`
    return getsIn(probing, longPeppered, seen)
  },
}
