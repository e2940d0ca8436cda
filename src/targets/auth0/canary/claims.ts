import type { Claim } from './claim.ts'
import { EXPORT_AT_ONCE } from './claims/export-at-once.ts'
import { FAILED_JOB } from './claims/failed-job.ts'
import { IMPORT_LENGTH } from './claims/import-length.ts'
import { LONG_PEPPER } from './claims/long-pepper.ts'
import { LONG_USER_ID } from './claims/long-user-id.ts'
import { NOTED_IDENTITY } from './claims/noted-identity.ts'
import { PEPPERED_PASSWORD } from './claims/peppered-password.ts'
import { PHONE_NUMBER } from './claims/phone-number.ts'
import { PHONE_WITHOUT_ATTRIBUTE } from './claims/phone-without-attribute.ts'
import { PROVISIONED_BY_SCIM } from './claims/provisioned-by-scim.ts'
import { RENEWED_HASH } from './claims/renewed-hash.ts'
import { SPACE_AND_UMLAUT } from './claims/space-and-umlaut.ts'
import { USERNAME_LETTERS } from './claims/username-letters.ts'
import { WITHOUT_EMAIL } from './claims/without-email.ts'
import { WRONG_HASH_LOG } from './claims/wrong-hash-log.ts'

/**
 * In the order in which they are asked: an export right after the import, a wrong password before the right one, which has Auth0 forget
 * the imported hash.
 */
export const CLAIMS: readonly Claim[] = [
  EXPORT_AT_ONCE,
  WRONG_HASH_LOG,
  PEPPERED_PASSWORD,
  LONG_PEPPER,
  SPACE_AND_UMLAUT,
  WITHOUT_EMAIL,
  PHONE_NUMBER,
  PHONE_WITHOUT_ATTRIBUTE,
  USERNAME_LETTERS,
  LONG_USER_ID,
  NOTED_IDENTITY,
  RENEWED_HASH,
  IMPORT_LENGTH,
  FAILED_JOB,
  PROVISIONED_BY_SCIM,
]
