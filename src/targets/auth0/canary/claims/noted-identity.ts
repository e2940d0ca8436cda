import { z } from 'zod'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'

const HITS = z.array(z.object({ user_id: z.string() }))

/** Milliseconds. */
const PAUSE_MS = 3000
const LOOKS = 10

export const NOTED_IDENTITY: Claim = {
  id: 'search.finds-a-noted-identity',
  says: 'A search finds somebody by an identity that is noted in a list in the app_metadata, and nobody else.',
  otherwise:
    'The Action can then find only those whose e-mail address is the same at the provider: set `link: leave`, or tell the others.',
  ask: async ({ api, probes: { peppered }, refusalOf, signal }) => {
    if ((await refusalOf(peppered)) !== undefined) return notAsked('its user was not imported')
    const query = { q: `app_metadata.matrix.external_ids:"${peppered.note}"`, search_engine: 'v3', per_page: '5' }
    const began = api.clock.now()
    for (let looked = 0; looked < LOOKS; looked++) {
      const answer = await api.send({ method: 'GET', path: 'users', query, signal })
      const hits = HITS.safeParse(answer.body).data
      if (answer.status !== 200 || hits === undefined) return notAsked(`the search answers ${answer.status}`)
      const seconds = Math.round((api.clock.now() - began) / 1000)
      if (hits.some(({ user_id: id }) => id !== `auth0|${peppered.userId}`)) return refuted('it found somebody else')
      if (hits.length > 0) return confirmed(`found ${seconds} s after it was first looked for`)
      await api.clock.sleep(PAUSE_MS, signal)
    }
    return refuted(`not found after ${(PAUSE_MS * LOOKS) / 1000} s`)
  },
}
