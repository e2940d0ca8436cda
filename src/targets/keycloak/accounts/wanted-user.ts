import type { Account } from '../../../accounts/account.ts'
import type { Link } from '../api/user.ts'
import { codePoints, isPersonNameRefused, LONGEST_FIELD } from './profile-rules.ts'
import { storedText } from './stored-text.ts'
import { userIdOf } from './user-id.ts'
import { MARK_NAMES, type UserRules } from './user-rules.ts'
import { placeThreepids, type WantedThreepid } from './wanted-threepids.ts'

/** One account as a user of Keycloak's: all that can be held there, in the form in which Keycloak gives it back. */
export interface WantedUser {
  readonly mxid: string
  readonly id: string
  /** Folded as Keycloak folds. */
  readonly username: string
  /** The primary address, folded; absent: none, or one that Keycloak would refuse (then it is an attribute). */
  readonly email?: string
  /** Only where the mapping has an attribute of this name. */
  readonly firstName?: string
  /** Only where the mapping has an attribute of this name. */
  readonly lastName?: string
  /** Neither deactivated nor locked. */
  readonly enabled: boolean
  /** Milliseconds since 1970. */
  readonly createdTimestamp: number
  /** The mapping's, each with one value. */
  readonly attributes: Readonly<Record<string, readonly string[]>>
  /** Names of attributes of the mapping that Keycloak would refuse, or that are needed for something else. */
  readonly leftAttributes: readonly string[]
  readonly threepids: readonly WantedThreepid[]
  /** How many have a medium for which there is no place. */
  readonly leftThreepids: number
  /** A secret. A deactivated account has none. */
  readonly passwordHash?: string
  /** One for each identity provider: the first in the order of the source. */
  readonly links: readonly Link[]
  /** Further identities at a provider, and those whose subject is too long for Keycloak. */
  readonly leftLinks: readonly Link[]
  /** Given when the user is made, then Keycloak's administrators decide; beside the realm's default role. */
  readonly roles: readonly string[]
  /** As roles. */
  readonly groups: readonly string[]
  /** As roles. */
  readonly requiredActions: readonly string[]
  /** Why Keycloak would not take it at all, in words; absent: it would. */
  readonly refused?: string
}

export const wantedUser = (account: Account, rules: UserRules): WantedUser => {
  const { mxid, isAdmin, isDeactivated, isLocked, passwordHash } = account
  const username = (account.username ?? account.localpart).toLowerCase()
  const { email, threepids, left } = placeThreepids(account)
  const refused = refusalOf(username)
  return {
    mxid,
    id: userIdOf(rules.realm, mxid),
    username,
    ...(email === undefined ? {} : { email }),
    enabled: !isDeactivated && !isLocked,
    createdTimestamp: account.createdAt,
    ...profileOf(account.attributes ?? {}, rules),
    threepids,
    leftThreepids: left,
    ...(passwordHash === undefined || isDeactivated ? {} : { passwordHash }),
    ...linksOf(account),
    roles: unique([...rules.roles, ...(isAdmin ? rules.admins.roles : [])]),
    groups: unique([...rules.groups, ...(isAdmin ? rules.admins.groups : [])]),
    requiredActions: unique(rules.requiredActions),
    ...(refused === undefined ? {} : { refused }),
  }
}

/** Why Keycloak takes no user of a username, in words; undefined: it does. */
export const refusalOf = (username: string): string | undefined => {
  if (username.trim() === '') return 'Keycloak takes no user whose username is empty'
  if (username.includes('\0')) return 'Keycloak takes no username with the character NUL'
  if (!username.isWellFormed()) return 'Keycloak takes no username with half a character'
  const length = codePoints(username)
  if (length <= LONGEST_FIELD) return undefined
  return `its username has ${length} characters, and Keycloak takes ${LONGEST_FIELD} at most`
}

type Profile = Pick<WantedUser, 'firstName' | 'lastName' | 'attributes' | 'leftAttributes'>

const profileOf = (attributes: Readonly<Record<string, string>>, rules: UserRules): Profile => {
  const taken = new Set([...MARK_NAMES, 'username', 'email', rules.attributes.emails, rules.attributes.phones])
  const kept: [string, readonly string[]][] = []
  const left: string[] = []
  const names: { firstName?: string; lastName?: string } = {}
  for (const [name, text] of Object.entries(attributes).toSorted(byName)) {
    const value = storedText(text)
    if (name === 'firstName' || name === 'lastName') {
      if (value === undefined || isPersonNameRefused(value)) left.push(name)
      else names[name] = value
    } else if (value === undefined || taken.has(name)) left.push(name)
    else kept.push([name, [value]])
  }
  return { ...names, attributes: Object.fromEntries(kept), leftAttributes: left }
}

const linksOf = ({ identities }: Account): Pick<WantedUser, 'links' | 'leftLinks'> => {
  const links = new Map<string, Link>()
  const leftLinks: Link[] = []
  for (const { providerId: alias, subject } of identities) {
    if (links.has(alias) || !isSubject(subject)) leftLinks.push({ alias, subject })
    else links.set(alias, { alias, subject })
  }
  return { links: [...links.values()], leftLinks }
}

const isSubject = (subject: string): boolean =>
  subject !== '' && subject.isWellFormed() && !subject.includes('\0') && codePoints(subject) <= LONGEST_FIELD

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1)

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
