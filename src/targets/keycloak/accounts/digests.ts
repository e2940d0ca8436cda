import { rowDigest } from '../../rows/row-digest.ts'
import type { Link, PresentUser } from '../api/user.ts'
import type { WantedThreepid } from './wanted-threepids.ts'
import type { WantedUser } from './wanted-user.ts'

export type ProfileFields = Pick<WantedUser, 'username' | 'enabled' | 'attributes'> & {
  readonly firstName?: string
  readonly lastName?: string
}

/** Under which names the mapping's attributes of a user are held, Keycloak's first and last name among them. */
export const profileNames = ({ firstName, lastName, attributes }: ProfileFields): readonly string[] => [
  ...Object.keys(attributes),
  ...(firstName === undefined ? [] : ['firstName']),
  ...(lastName === undefined ? [] : ['lastName']),
]

/** Of the account's own row: its username, and the attributes of these names. */
export const profileDigest = (mxid: string, profile: ProfileFields, names: ReadonlySet<string>): string => {
  const { firstName, lastName, username } = profile
  const held: readonly (readonly [string, readonly string[] | undefined])[] = [
    ...Object.entries(profile.attributes).filter(([name]) => !OWN_FIELDS.has(name)),
    ['firstName', firstName === undefined ? undefined : [firstName]],
    ['lastName', lastName === undefined ? undefined : [lastName]],
  ]
  const entries = held
    .flatMap(([name, values]) =>
      values === undefined || values.length === 0 || !names.has(name) ? [] : [[name, values] as const],
    )
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return rowDigest(mxid, 'account', username, entries)
}

const OWN_FIELDS: ReadonlySet<string> = new Set(['firstName', 'lastName'])

export const presentProfile = ({ username, enabled, attributes, firstName, lastName }: PresentUser): ProfileFields => ({
  username,
  enabled,
  attributes,
  ...(firstName === undefined || firstName === '' ? {} : { firstName }),
  ...(lastName === undefined || lastName === '' ? {} : { lastName }),
})

/** @param date what Keycloak was told as its day of creation, milliseconds since 1970 */
export const passwordDigest = (mxid: string, passwordHash: string, date: number): string =>
  rowDigest(mxid, 'password', passwordHash, date)

export const threepidDigest = (mxid: string, { place, value }: WantedThreepid): string =>
  rowDigest(mxid, 'threepid', place, value)

export const linkDigest = (mxid: string, { alias, subject }: Link): string =>
  rowDigest(mxid, 'external_id', alias, subject)
