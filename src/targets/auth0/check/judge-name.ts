import type { UserRules } from '../accounts/user-rules.ts'
import { type UsernameFound, usernameFor } from '../accounts/username.ts'
import { LONGEST_USERNAME } from './connection-rules.ts'

/** What becomes of a username: see `NameCounts`. */
export type NameVerdict = 'fit' | 'notTaken' | 'length' | 'refused' | 'left' | 'escaped'

/** @param found what becomes of the name at this connection */
export const judgeName = (
  name: string,
  found: UsernameFound,
  rules: Pick<UserRules, 'takes' | 'usernames'>,
): NameVerdict => {
  if (!rules.takes.takesUsernames) return 'notTaken'
  if (found.kind === 'fit') return found.username === name.toLowerCase() ? 'fit' : 'escaped'
  const widest = { ...rules, takes: { ...rules.takes, usernameLength: { min: 1, max: LONGEST_USERNAME } } }
  if (usernameFor(name, widest).kind === 'fit') return 'length'
  return found.kind === 'none' ? 'left' : 'refused'
}
