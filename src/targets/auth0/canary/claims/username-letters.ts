import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { inWords, isAbout } from '../refusals.ts'

export const USERNAME_LETTERS: Claim = {
  id: 'username.letters-refused',
  says: 'A username with `=` and `/` is refused by an error of its row.',
  otherwise: 'No harm: syn2op escapes these letters, as `usernames` of auth0.yaml says.',
  ask: async ({ connection: { rules }, probes: { unfit }, refusalOf }) => {
    if (!rules.takesUsernames) return notAsked('the connection takes no usernames')
    const refusal = await refusalOf(unfit)
    if (refusal === undefined) return refuted(`imported as ${JSON.stringify(unfit.username)}`)
    const said = `refused (${inWords(refusal)})`
    return isAbout(refusal, 'username') ? confirmed(said) : notAsked(said)
  },
}
