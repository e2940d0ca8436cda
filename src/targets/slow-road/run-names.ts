import { createHash } from 'node:crypto'
import type { Name } from './name.ts'
import type { Standing } from './standings.ts'

/** What a text is kept as: 48 bits, so that of a million names hardly one is taken for another. */
export const printOf = (text: string): number => createHash('sha256').update(text).digest().readUIntBE(0, 6)

/**
 * What accounts of other batches do to names. Kept as numbers, since there may be as many as accounts.
 */
export interface RunNames {
  /** Of a user of ours who is not of the batch. `isLast`: everybody has had their turn but those who wait. */
  standing(of: { readonly id: string; readonly name: Name; readonly isLast: boolean }): Standing
  /** These an account gives up once it is written; none: what it was to give up it has given up, or keeps. */
  gives(id: string, names: readonly Name[]): void
  /**
   * An address goes to an account that has none such yet: of two that want the same, the first that is planned gets it.
   * @returns whether it is the account's now, in the place of what it had claimed
   */
  claim(email: string | undefined, id: string): boolean
}

export const keepRunNames = (): RunNames => {
  const given = new Map<number, readonly number[]>()
  const ofEmail = new Map<number, number>()
  const ofAccount = new Map<number, number>()
  return {
    standing({ id, name, isLast }) {
      if (!isLast) return 'later'
      return given.get(printOf(id))?.includes(printOf(name)) === true ? 'gives' : 'keeps'
    },
    gives(id, names) {
      if (names.length === 0) given.delete(printOf(id))
      else given.set(printOf(id), names.map(printOf))
    },
    claim(email, id) {
      const account = printOf(id)
      const before = ofAccount.get(account)
      const address = email === undefined ? undefined : printOf(email)
      if (before !== undefined && before !== address) {
        ofAccount.delete(account)
        ofEmail.delete(before)
      }
      if (address === undefined) return true
      const owner = ofEmail.get(address)
      if (owner !== undefined && owner !== account) return false
      ofEmail.set(address, account)
      ofAccount.set(account, address)
      return true
    },
  }
}
