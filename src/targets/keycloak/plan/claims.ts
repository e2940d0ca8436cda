import { printOf } from './known-names.ts'

/**
 * Addresses that accounts are going to get whom Keycloak does not have yet. Of two that want the same one, the first that is
 * planned gets it.
 */
export interface Claims {
  /** Whether somebody else has claimed it; else it is claimed for the account now, in the place of what it had claimed. */
  isOthers(email: string | undefined, id: string): boolean
}

/** Kept as numbers, since there may be as many as accounts. */
export const keepClaims = (): Claims => {
  const ofEmail = new Map<number, number>()
  const ofAccount = new Map<number, number>()
  return {
    isOthers(email, id) {
      const account = printOf(id)
      const before = ofAccount.get(account)
      const address = email === undefined ? undefined : printOf(email)
      if (before !== undefined && before !== address) {
        ofAccount.delete(account)
        ofEmail.delete(before)
      }
      if (address === undefined) return false
      const owner = ofEmail.get(address)
      if (owner !== undefined && owner !== account) return true
      ofEmail.set(address, account)
      ofAccount.set(account, address)
      return false
    },
  }
}
