import type { WantedUser } from '../accounts/wanted-user.ts'
import type { Link, PresentUser } from '../api/users-api.ts'
import { type Census, foreign } from './census.ts'
import type { LookUp } from './holders.ts'

/** The names of a user that are new at Keycloak: only those can be somebody else's. In lower case. */
export const newNames = (
  { username, email }: WantedUser,
  present: PresentUser | undefined,
): Pick<LookUp, 'username' | 'email'> => ({
  ...(username === present?.username ? {} : { username }),
  ...(email === undefined || email === present?.email?.toLowerCase() ? {} : { email }),
})

/**
 * The links that are new and may be somebody else's: Keycloak takes the same identity for two users without a word. A user of
 * ours who gets a link later may get one that another of ours has, whereas the links of a new one are as new as they are.
 */
export const newLinks = (
  { links }: WantedUser,
  present: PresentUser | undefined,
  { linked }: Census,
): readonly Link[] => {
  // They were not read since the source has none that are new.
  if (present !== undefined && present.links === undefined) return []
  return links.filter((link) => {
    const there = linked.get(link.alias) ?? { all: 0, ours: 0 }
    if ((present === undefined ? foreign(there) : there.all) === 0) return false
    return present?.links?.some(({ alias, subject }) => alias === link.alias && subject === link.subject) !== true
  })
}
