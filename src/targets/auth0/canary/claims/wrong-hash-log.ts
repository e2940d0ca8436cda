import { z } from 'zod'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { NO_APPLICATION } from './logging-in.ts'

const LOG = z.array(z.object({ type: z.string(), description: z.string().nullish() }))

/** The log may be some seconds behind. Milliseconds. */
const PAUSE_MS = 3000
const LOOKS = 10

/** Before the right password is tried: afterwards the imported hash is gone. */
export const WRONG_HASH_LOG: Claim = {
  id: 'log.wrong-password',
  says: "A password that an imported hash refuses is in the tenant's log as `fp`.",
  otherwise: 'Look for the entry that is told here when people say that their password is refused.',
  ask: async ({ api, probes: { peppered }, refusalOf, login, signal }) => {
    if ((await refusalOf(peppered)) !== undefined) return notAsked('its user was not imported')
    const grant = await login({ username: peppered.email, password: 'not-the-password' })
    if (grant === undefined) return notAsked(NO_APPLICATION)
    if (grant.kind === 'granted') return refuted('a wrong password let somebody in')
    if (grant.error !== 'invalid_grant') return notAsked(`the login was refused (${grant.error}: ${grant.words})`)
    const query = { q: `user_id:"auth0|${peppered.userId}"`, sort: 'date:-1', per_page: '5' }
    for (let looked = 0; looked < LOOKS; looked++) {
      const answer = await api.send({ method: 'GET', path: 'logs', query, signal })
      const entries = LOG.safeParse(answer.body).data
      if (answer.status !== 200 || entries === undefined) return notAsked(`the log answers ${answer.status}`)
      const newest = entries[0]
      if (newest !== undefined) {
        const seen = `the log has \`${newest.type}\`, ${JSON.stringify(newest.description ?? '')}`
        return newest.type === 'fp' ? confirmed(seen) : refuted(seen)
      }
      await api.clock.sleep(PAUSE_MS, signal)
    }
    return refuted(`the log had nothing of it after ${(PAUSE_MS * LOOKS) / 1000} s`)
  },
}
