import type { UserRules } from '../accounts/user-rules.ts'
import { type UsernameFound, usernameFor } from '../accounts/username.ts'
import { atItsWidest } from './connection-rules.ts'

/** What becomes of a username: see `NameCounts`. `refused`: no connection takes it, so that its account is held back. */
export type NameVerdict = 'fit' | 'refused' | 'notTaken' | 'length' | 'left' | 'escaped'

/** @param found what becomes of the name at this connection */
export const judgeName = (
  name: string,
  found: UsernameFound,
  rules: Pick<UserRules, 'takes' | 'usernames'>,
): NameVerdict => {
  if (!rules.takes.takesUsernames) return 'notTaken'
  if (found.kind === 'fit') return found.username === name.toLowerCase() ? 'fit' : 'escaped'
  if (usernameFor(name, { ...rules, takes: atItsWidest(rules.takes) }).kind === 'fit') return 'length'
  return found.kind === 'none' ? 'left' : 'refused'
}
