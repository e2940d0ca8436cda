import type { Account, Threepid } from '../../../accounts/account.ts'
import { isEmailFit, isPhoneFit } from './root-fields.ts'
import { storedText } from './stored-text.ts'
import type { ConnectionRules } from './user-rules.ts'

/** Where an address is held: Auth0's own field for an e-mail or a phone, or the list of such in the metadata. */
export type Place = 'email' | 'phone' | 'emails' | 'phones'

/** An e-mail address or a phone. */
export interface WantedThreepid {
  readonly place: Place
  /** As it is held there. */
  readonly value: string
}

interface Placed {
  readonly threepids: readonly WantedThreepid[]
  readonly left: number
}

/** Where each address of an account goes. A deactivated account keeps none, so that another one can have it. */
export const placeThreepids = (account: Account, takes: Pick<ConnectionRules, 'takesPhones'>): Placed => {
  const { threepids, isDeactivated } = account
  if (isDeactivated) return { threepids: [], left: threepids.length }
  const [email, phone] = [primaryEmail(account), takes.takesPhones ? firstPhone(threepids) : undefined]
  const placed = threepids.flatMap((one) => {
    if (one === email) return [{ place: 'email', value: one.address.toLowerCase() } as const]
    if (one === phone) return [{ place: 'phone', value: toPhone(one.address) } as const]
    return placeAmongOthers(one)
  })
  return { threepids: placed, left: threepids.length - placed.length }
}

/** The address at a place where there is one at most. */
export const addressAt = (held: readonly WantedThreepid[], place: 'email' | 'phone'): string | undefined =>
  held.find((one) => one.place === place)?.value

export const addressesAt = (held: readonly WantedThreepid[], place: Place): readonly string[] => [
  ...new Set(held.flatMap((one) => (one.place === place ? [one.value] : []))),
]

const primaryEmail = ({ threepids, primaryEmail: address }: Account): Threepid | undefined =>
  threepids.find((one) => one.medium === 'email' && one.address === address && isEmailFit(address.toLowerCase()))

/** The oldest one that Auth0's field takes. */
const firstPhone = (threepids: readonly Threepid[]): Threepid | undefined =>
  threepids
    .filter(({ medium, address }) => medium === 'msisdn' && isPhoneFit(toPhone(address)))
    .toSorted((a, b) => a.addedAt - b.addedAt || (a.address < b.address ? -1 : 1))[0]

const placeAmongOthers = ({ medium, address }: Threepid): readonly WantedThreepid[] => {
  const value =
    medium === 'msisdn' ? storedText(toPhone(address)) : medium === 'email' ? storedText(address) : undefined
  return value === undefined ? [] : [{ place: medium === 'email' ? 'emails' : 'phones', value }]
}

/** Synapse keeps the digits of an international number. */
const toPhone = (address: string): string => (/^\d+$/u.test(address) ? `+${address}` : address)
