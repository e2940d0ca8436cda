import { isObject } from './json.ts'

/** Remembers who has been in a file. */
export interface SeenInFile {
  /** Whether a row before had the e-mail address, username, user_id or phone number of this one, which is remembered. */
  again(row: unknown): boolean
}

const FIELDS = ['email', 'username', 'user_id', 'phone_number'] as const

/** One per import job. `sharesEmails`: users of the connection may have one address. */
export const seenInFile = (sharesEmails = false): SeenInFile => {
  const seen = new Set<string>()
  return {
    again: (row) => {
      if (!isObject(row)) return false
      const names = FIELDS.flatMap((field) => {
        const value = row[field]
        if (typeof value !== 'string' || (field === 'email' && sharesEmails)) return []
        return [`${field} ${field === 'user_id' ? value : value.toLowerCase()}`]
      })
      const again = names.some((name) => seen.has(name))
      for (const name of names) seen.add(name)
      return again
    },
  }
}
