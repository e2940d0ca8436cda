import { type AddressesPlan, type Places, planAddresses } from '../../rows/plan-addresses.ts'
import type { RowMark } from '../../rows/row-mark.ts'
import type { PresentUser } from '../api/user.ts'
import { threepidDigest } from './digests.ts'
import type { Marks } from './marks.ts'
import type { AttributeNames } from './user-rules.ts'
import type { Place, WantedThreepid } from './wanted-threepids.ts'
import type { WantedUser } from './wanted-user.ts'

/** Which addresses a user has, and where. */
export const heldThreepids = (present: PresentUser, names: AttributeNames): readonly WantedThreepid[] => {
  const at = (place: Place, values: readonly string[] = []): readonly WantedThreepid[] =>
    [...new Set(values)].map((value) => ({ place, value }))
  return [
    ...at('email', present.email === undefined ? [] : [present.email]),
    ...at('emails', present.attributes[names.emails]),
    ...at('phones', present.attributes[names.phones]),
  ]
}

/** What becomes of the addresses of a user: an e-mail is in Keycloak's field or in an attribute, a phone in an attribute. */
export const planThreepids = (
  { mxid, threepids }: WantedUser,
  held: readonly WantedThreepid[],
  { marks, run }: { readonly marks: Marks; readonly run: Pick<RowMark, 'run'> },
): AddressesPlan<WantedThreepid> =>
  planAddresses(threepids, held, { marks: marks.threepids, run, places: placesOf(mxid) })

const placesOf = (mxid: string): Places<WantedThreepid> => ({
  digest: (one) => threepidDigest(mxid, one),
  elsewhere: ({ place, value }) =>
    place === 'phones' ? undefined : { place: place === 'email' ? 'emails' : 'email', value },
  isField: (place) => place === 'email',
})
