import type { Account } from '../../../accounts/account.ts'
import type { ConflictRules } from '../../../mapping/mapping.ts'
import type { NameField } from '../api/user.ts'
import { placeAttributes } from './attributes.ts'
import { withinProfile } from './fit-profile.ts'
import { type Link, placeLinks, scimIdOf } from './links.ts'
import { refusalOf } from './refusals.ts'
import { userIdOf } from './user-id.ts'
import type { UserRules } from './user-rules.ts'
import { usernameFor } from './username.ts'
import { placeThreepids, type WantedThreepid } from './wanted-threepids.ts'

/** Root fields of a user for what somebody is called. */
export type Names = Readonly<Partial<Record<NameField, string>>>

/** One account as a user of a database connection: all that can be held there, in the form in which Auth0 gives it back. */
export interface WantedUser {
  readonly mxid: string
  /** With the strategy before it. */
  readonly id: string
  /** Folded, and escaped where that is wanted; absent: the connection takes none, or not this one. */
  readonly username?: string
  /** Those of the mapping's attributes that are root fields. */
  readonly names: Names
  /** The mapping's others, kept in the metadata. */
  readonly attributes: Readonly<Record<string, string>>
  /** Names of attributes of the mapping for which there is no place. */
  readonly leftAttributes: readonly string[]
  /** Deactivated or locked. */
  readonly blocked: boolean
  readonly isAdmin: boolean
  /** ISO 8601: of the account, not of the user. */
  readonly createdAt: string
  readonly threepids: readonly WantedThreepid[]
  /** How many have no place: another medium, a deactivated account, metadata that would be too large. */
  readonly leftThreepids: number
  /** Others of the connection may have the same address. */
  readonly sharesEmails?: true
  /** A secret. A deactivated account has none. */
  readonly passwordHash?: string
  readonly links: readonly Link[]
  /** Where one of them is made by SCIM: the user_id that it is to have. */
  readonly primaryId?: string
  /** What becomes of the account where that one is somebody else's. */
  readonly ifTaken?: ConflictRules['identity']
  /** Identities that cannot be noted, or at a provider whose identities are left. */
  readonly leftLinks: readonly Link[]
  /** Why Auth0 would not take it at all, in words without a secret; absent: it would. */
  readonly refused?: string
}

export const wantedUser = (account: Account, rules: UserRules): WantedUser => {
  const { mxid, isAdmin, isDeactivated, isLocked, passwordHash } = account
  const name = usernameFor(account.username ?? account.localpart, rules)
  const placed = placeLinks(account, rules.providers)
  const { threepids, left } = placeThreepids(account, rules.takes)
  const fitted = withinProfile({
    mxid,
    id: userIdOf(rules.connection, mxid),
    ...(name.kind === 'fit' ? { username: name.username } : {}),
    ...placeAttributes(account.attributes ?? {}),
    blocked: isDeactivated || isLocked,
    isAdmin,
    createdAt: new Date(account.createdAt).toISOString(),
    threepids,
    leftThreepids: left,
    ...(rules.takes.sharesEmails === true ? { sharesEmails: true } : {}),
    ...(passwordHash === undefined || isDeactivated ? {} : { passwordHash }),
    ...placed,
    ...primaryOf(placed.links, rules),
  })
  const refused = name.kind === 'refused' ? name.words : refusalOf(fitted, rules)
  return { ...fitted, ...(refused === undefined ? {} : { refused }) }
}

const primaryOf = (
  links: readonly Link[],
  { providers, conflicts }: UserRules,
): Pick<WantedUser, 'primaryId' | 'ifTaken'> => {
  const link = links.find(({ how }) => how === 'scim')
  const primaryId = link === undefined ? undefined : scimIdOf(link, providers)
  if (primaryId === undefined) return {}
  return {
    primaryId,
    ...(conflicts === undefined ? {} : { ifTaken: conflicts.identity }),
  }
}
