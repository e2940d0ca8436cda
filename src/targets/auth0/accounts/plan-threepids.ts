import { type AddressesPlan, type Places, planAddresses } from '../../rows/plan-addresses.ts'
import type { RowMark } from '../../rows/row-mark.ts'
import { threepidDigest } from './digests.ts'
import type { Marks } from './marks.ts'
import type { Place, WantedThreepid } from './wanted-threepids.ts'
import type { WantedUser } from './wanted-user.ts'

/** What becomes of the addresses of a user: an e-mail or a phone is in Auth0's field or in the metadata. */
export const planThreepids = (
  { mxid, threepids }: Pick<WantedUser, 'mxid' | 'threepids'>,
  held: readonly WantedThreepid[],
  { marks, run }: { readonly marks: Marks; readonly run: Pick<RowMark, 'run'> },
): AddressesPlan<WantedThreepid> =>
  planAddresses(threepids, held, { marks: marks.threepids, run, places: placesOf(mxid) })

const placesOf = (mxid: string): Places<WantedThreepid> => ({
  digest: (one) => threepidDigest(mxid, one),
  elsewhere: ({ place, value }) => ({ place: OTHER_PLACE[place], value }),
  isField: (place) => place === 'email' || place === 'phone',
})

const OTHER_PLACE: Readonly<Record<Place, Place>> = {
  email: 'emails',
  emails: 'email',
  phone: 'phones',
  phones: 'phone',
}
