import { userById } from '../../api/users-api.ts'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { inWords, isAbout } from '../refusals.ts'

/** The import schema has the field; the page on user profiles says that it is not imported, and only for users of SMS connections. */
export const PHONE_NUMBER: Claim = {
  id: 'row.phone-number',
  says: 'Where the connection takes phone numbers, that of a row is imported as verified, and read back as it was.',
  otherwise: "Take phone numbers out of the connection's attributes: syn2op then keeps them in the metadata.",
  ask: async ({ api, connection: { rules }, probes: { unusual }, refusalOf, signal }) => {
    if (!rules.takesPhones) return notAsked('the connection takes no phone numbers')
    const refusal = await refusalOf(unusual)
    if (refusal !== undefined) {
      const said = `refused (${inWords(refusal)})`
      return isAbout(refusal, 'phone') ? refuted(said) : notAsked(said)
    }
    const user = await userById(api, `auth0|${unusual.userId}`, signal)
    if (user === undefined) return notAsked('its user is not found')
    if (user.phoneNumber === undefined) return refuted('imported without the number')
    if (user.phoneNumber !== unusual.phone) return refuted('imported with another spelling of the number')
    return user.phoneVerified ? confirmed('imported, verified, and read back') : refuted('imported as not verified')
  },
}
