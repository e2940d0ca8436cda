import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { inWords, isAbout } from '../refusals.ts'

export const WITHOUT_EMAIL: Claim = {
  id: 'row.without-email',
  says: 'Where the connection requires no e-mail address, a user is imported who has none.',
  otherwise: 'Set `email: { without: refuse }` in auth0.yaml: people without an address are then rejected, each named.',
  ask: async ({ connection: { rules }, probes: { unusual }, refusalOf }) => {
    if (!rules.takesUsernames) return notAsked('the connection takes no usernames')
    if (rules.requiresEmail) return notAsked('the connection requires an e-mail address')
    const refusal = await refusalOf(unusual)
    if (refusal === undefined) return confirmed('imported')
    const said = `refused (${inWords(refusal)})`
    // For what else is unusual of it, and not for what is missing.
    return isAbout(refusal, 'user_id') || isAbout(refusal, 'phone_number') ? notAsked(said) : refuted(said)
  },
}
