import type { Account } from '../../../accounts/account.ts'
import { isEmailRefused } from './profile-rules.ts'
import { storedText } from './stored-text.ts'

/** Where an address is held: Keycloak's own field for the primary e-mail, the attribute for e-mails, the one for phones. */
export type Place = 'email' | 'emails' | 'phones'

/** An e-mail address or a phone. */
export interface WantedThreepid {
  readonly place: Place
  /** As it is held there. */
  readonly value: string
}

interface Placed {
  /** What is in Keycloak's field. */
  readonly email?: string
  readonly threepids: readonly WantedThreepid[]
  readonly left: number
}

/** Where each address of an account goes. */
export const placeThreepids = ({ threepids, primaryEmail }: Account): Placed => {
  const folded = primaryEmail?.toLowerCase()
  const email = folded === undefined || isEmailRefused(folded) ? undefined : folded
  const placed = threepids.flatMap(({ medium, address }): readonly WantedThreepid[] => {
    if (medium === 'email' && email !== undefined && address === primaryEmail) return [{ place: 'email', value: email }]
    const value = medium === 'msisdn' ? phone(address) : medium === 'email' ? storedText(address) : undefined
    return value === undefined ? [] : [{ place: medium === 'email' ? 'emails' : 'phones', value }]
  })
  const hasPrimary = placed.some(({ place }) => place === 'email')
  return {
    ...(email === undefined || !hasPrimary ? {} : { email }),
    threepids: placed,
    left: threepids.length - placed.length,
  }
}

/** Synapse keeps the digits of an international number. */
const phone = (address: string): string | undefined => storedText(/^\d+$/u.test(address) ? `+${address}` : address)
