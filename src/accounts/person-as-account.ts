import type { Account, Person } from './account.ts'

/** An account of which only what is told beforehand is known: a function that shapes accounts shapes people too. */
export const personAsAccount = (person: Person): Account => ({
  ...person,
  createdAt: 0,
  isAdmin: false,
  isGuest: false,
  isLocked: false,
  identities: [],
  sessions: [],
  accessTokens: [],
  refreshTokens: [],
})
