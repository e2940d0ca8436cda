import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { inWords, isAbout } from '../refusals.ts'

export const PHONE_WITHOUT_ATTRIBUTE: Claim = {
  id: 'row.phone-without-attribute',
  says: 'A connection that takes no phone numbers refuses a row with one.',
  otherwise: 'No harm: syn2op keeps phone numbers in the metadata there.',
  ask: async ({ connection: { rules }, probes: { unfit }, refusalOf }) => {
    if (rules.takesPhones) return notAsked('the connection takes phone numbers')
    const refusal = await refusalOf(unfit)
    if (refusal === undefined) return refuted('imported')
    const said = `refused (${inWords(refusal)})`
    return isAbout(refusal, 'phone_number') ? confirmed(said) : notAsked(said)
  },
}
