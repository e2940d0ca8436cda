import { rowDigest } from '../../rows/row-digest.ts'
import type { Link } from './links.ts'
import type { UserThen } from './user-then.ts'
import type { WantedThreepid } from './wanted-threepids.ts'

/** What is one with the account's own row. */
export type Profile = Pick<UserThen, 'username' | 'names' | 'attributes' | 'isAdmin' | 'createdAt'>

/** Under which names the mapping's attributes of a user are held, root fields among them. */
export const profileNames = ({ names, attributes }: Pick<Profile, 'names' | 'attributes'>): readonly string[] => [
  ...Object.keys(names),
  ...Object.keys(attributes),
]

/** Of the account's own row: its username, and the attributes of these names. */
export const profileDigest = (mxid: string, profile: Profile, of: ReadonlySet<string>): string => {
  const { username, names, attributes, isAdmin, createdAt } = profile
  const entries = [...Object.entries(attributes), ...Object.entries(names)]
    .filter(([name]) => of.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return rowDigest(mxid, 'account', username ?? null, isAdmin, createdAt ?? null, entries)
}

export const passwordDigest = (mxid: string, passwordHash: string): string => rowDigest(mxid, 'password', passwordHash)

export const threepidDigest = (mxid: string, { place, value }: WantedThreepid): string =>
  rowDigest(mxid, 'threepid', place, value)

export const linkDigest = (mxid: string, { connection, subject }: Pick<Link, 'connection' | 'subject'>): string =>
  rowDigest(mxid, 'external_id', connection, subject)
