import { userById } from '../../api/users-api.ts'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { LONGEST_USER_ID } from '../probes.ts'
import { inWords, isAbout } from '../refusals.ts'

export const LONG_USER_ID: Claim = {
  id: 'user_id.longest',
  says: `A user_id of ${LONGEST_USER_ID} letters, digits and hyphens is taken as it is.`,
  otherwise: 'No harm: the user_ids that syn2op gives have 32 hexadecimal digits.',
  ask: async ({ api, probes: { unusual }, refusalOf, signal }) => {
    const refusal = await refusalOf(unusual)
    if (refusal !== undefined) {
      const said = `refused (${inWords(refusal)})`
      return isAbout(refusal, 'user_id') ? refuted(said) : notAsked(said)
    }
    const user = await userById(api, `auth0|${unusual.userId}`, signal)
    return user === undefined ? refuted('imported under another user_id') : confirmed('imported, and found by it')
  },
}
