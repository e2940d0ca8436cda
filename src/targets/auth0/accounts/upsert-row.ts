import { randomBytes } from 'node:crypto'
import { NAME_FIELDS } from '../api/user.ts'
import { type CustomPasswordHash, customHash, type ImportRow, type ImportSecrets } from './import-row.ts'
import { encodeMarks, MARKS } from './marks.ts'
import type { Metadata } from './metadata.ts'
import { isNameFit } from './root-fields.ts'
import { importIdOf } from './user-id.ts'
import type { RehashRequests } from './user-requests.ts'

/** One row of the file of an import that changes who is there. Holds secrets: a hash, and the pepper. */
export interface UpsertRow
  extends Omit<ImportRow, 'email_verified' | 'phone_verified'>,
    Readonly<Partial<Record<'email_verified' | 'phone_verified', boolean>>> {
  readonly user_metadata?: Metadata
  readonly custom_password_hash: CustomPasswordHash
}

/**
 * The row by which a user gets another hash, and keeps everything else: Auth0 merges no metadata, and takes an address for not verified
 * unless it is told otherwise. The user_id keeps it from finding anybody else while the user is there.
 */
export const upsertRow = (
  { id, present, marks, passwordHash }: RehashRequests,
  { pepper }: ImportSecrets = {},
): UpsertRow => {
  const { username, email, emailVerified, phoneNumber, phoneVerified, blocked, appMetadata, userMetadata } = present
  return {
    user_id: importIdOf(id),
    ...(email === undefined ? {} : { email, email_verified: emailVerified }),
    ...(username === undefined ? {} : { username }),
    ...(phoneNumber === undefined ? {} : { phone_number: phoneNumber, phone_verified: phoneVerified }),
    ...Object.fromEntries(
      NAME_FIELDS.flatMap((field) => {
        const text = present.names[field]
        return text === undefined || !isNameFit(field, text) ? [] : [[field, text]]
      }),
    ),
    ...(blocked ? { blocked: true } : {}),
    app_metadata: { ...appMetadata, [MARKS]: encodeMarks(marks) },
    ...(Object.keys(userMetadata).length === 0 ? {} : { user_metadata: userMetadata }),
    custom_password_hash: passwordHash === undefined ? nobodysHash() : customHash(passwordHash, pepper),
  }
}

/** Auth0 takes no hash away: this takes the place of one, and nobody knows a password for it. */
const nobodysHash = (): CustomPasswordHash =>
  customHash(`$2b$12$${randomBytes(42).toString('base64').replaceAll('+', '.').slice(0, 53)}`, undefined)
