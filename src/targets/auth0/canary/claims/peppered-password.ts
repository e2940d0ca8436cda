import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { NO_APPLICATION, withoutLogin } from './logging-in.ts'

/** Facts: bcrypt of any cost is documented for custom hashes, and a salt with a position; the two together with Synapse's are not. */
export const PEPPERED_PASSWORD: Claim = {
  id: 'password.cost-12-with-pepper',
  says: 'A bcrypt hash of cost 12 with the pepper as a salt behind it lets its owner in, twice.',
  otherwise: 'Do not move passwords: set `passwords: leave` in auth0.yaml, and people choose new ones.',
  ask: async (probing) => {
    const { peppered } = probing.probes
    const over = await withoutLogin(probing, peppered)
    if (over !== undefined) return over
    // The second is checked against Auth0's own hash.
    for (const time of ['first', 'second']) {
      const grant = await probing.login({ username: peppered.email, password: peppered.password })
      if (grant === undefined) return notAsked(NO_APPLICATION)
      if (grant.kind === 'granted') continue
      const said = `the ${time} login was refused (${grant.error}: ${grant.words})`
      return grant.error === 'invalid_grant' ? refuted(said) : notAsked(said)
    }
    return confirmed('logged in with the hash as it was imported, and with the one that Auth0 made of it')
  },
}
