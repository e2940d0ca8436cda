import { hash } from 'node:crypto'
import type { Link, PresentUser } from '../api/user.ts'
import type { WantedThreepid } from './wanted-threepids.ts'
import type { WantedUser } from './wanted-user.ts'

/**
 * 128 bits of SHA-256. Of a password hash it tells nothing: bcrypt's own 128 bits of salt would have to be guessed with it. Of
 * the same value of two accounts it is not the same.
 */
const digest = (mxid: string, kind: string, ...parts: readonly unknown[]): string =>
  hash('sha256', JSON.stringify([mxid, kind, ...parts]), 'buffer')
    .subarray(0, 16)
    .toString('base64url')

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
  return digest(mxid, 'account', username, entries)
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
  digest(mxid, 'password', passwordHash, date)

export const threepidDigest = (mxid: string, { place, value }: WantedThreepid): string =>
  digest(mxid, 'threepid', place, value)

export const linkDigest = (mxid: string, { alias, subject }: Link): string =>
  digest(mxid, 'external_id', alias, subject)
