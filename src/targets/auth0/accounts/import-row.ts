import { firstHoldings, firstMarks } from './first-marks.ts'
import type { Marks } from './marks.ts'
import { type Metadata, toAppMetadata } from './metadata.ts'
import { importIdOf } from './user-id.ts'
import type { ReimportRequests } from './user-requests.ts'
import type { Writer } from './user-rules.ts'
import type { UserThen } from './user-then.ts'
import { addressAt } from './wanted-threepids.ts'
import type { Names, WantedUser } from './wanted-user.ts'

/** One row of the file of an import. Holds secrets where it has a `custom_password_hash`: the hash, and the pepper. */
export interface ImportRow extends Names {
  /** Without the strategy before it. */
  readonly user_id: string
  readonly username?: string
  readonly email?: string
  readonly email_verified?: true
  readonly phone_number?: string
  readonly phone_verified?: true
  readonly blocked?: true
  readonly app_metadata: Metadata
  readonly custom_password_hash?: CustomPasswordHash
}

/** Not `password_hash`: of that Auth0 takes 10 rounds alone, and Synapse writes 12. */
export interface CustomPasswordHash {
  readonly algorithm: 'bcrypt'
  readonly hash: { readonly value: string; readonly encoding: 'utf8' }
  /** Synapse hashes the password with the pepper after it. */
  readonly salt?: { readonly value: string; readonly encoding: 'utf8'; readonly position: 'suffix' }
}

export interface ImportSecrets {
  /** Synapse's, where its owner agrees that Auth0 learns it; absent: there is none, or it is withheld. */
  readonly pepper?: string
}

/** The row of a user that is not there yet. */
export const importRow = (wanted: WantedUser, writer: Writer, secrets: ImportSecrets = {}): ImportRow =>
  toRow(wanted.id, firstHoldings(wanted), firstMarks(wanted, writer), {
    ...secrets,
    ...(wanted.passwordHash === undefined ? {} : { passwordHash: wanted.passwordHash }),
  })

/** The row of a user that was deleted to be imported again. */
export const reimportRow = (
  { id, user, marks, passwordHash }: ReimportRequests,
  secrets: ImportSecrets = {},
): ImportRow => toRow(id, user, marks, { ...secrets, ...(passwordHash === undefined ? {} : { passwordHash }) })

const toRow = (
  id: string,
  { username, names, blocked, held, ...rest }: UserThen,
  marks: Marks,
  { passwordHash, pepper }: ImportSecrets & { readonly passwordHash?: string },
): ImportRow => {
  const [email, phone] = [addressAt(held, 'email'), addressAt(held, 'phone')]
  return {
    user_id: importIdOf(id),
    ...(username === undefined ? {} : { username }),
    ...(email === undefined ? {} : { email, email_verified: true }),
    ...(phone === undefined ? {} : { phone_number: phone, phone_verified: true }),
    ...names,
    ...(blocked ? { blocked: true } : {}),
    app_metadata: toAppMetadata({ names, blocked, held, ...rest }, marks),
    ...(passwordHash === undefined ? {} : { custom_password_hash: customHash(passwordHash, pepper) }),
  }
}

export const customHash = (value: string, pepper: string | undefined): CustomPasswordHash => ({
  algorithm: 'bcrypt',
  hash: { value, encoding: 'utf8' },
  ...(pepper === undefined || pepper === '' ? {} : { salt: { value: pepper, encoding: 'utf8', position: 'suffix' } }),
})
