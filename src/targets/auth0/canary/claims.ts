import type { Claim } from './claim.ts'
import { FAILED_JOB } from './claims/failed-job.ts'
import { IMPORT_LENGTH } from './claims/import-length.ts'
import { LONG_USER_ID } from './claims/long-user-id.ts'
import { NOTED_IDENTITY } from './claims/noted-identity.ts'
import { PEPPERED_PASSWORD } from './claims/peppered-password.ts'
import { PHONE_WITHOUT_ATTRIBUTE } from './claims/phone-without-attribute.ts'
import { PROVISIONED_BY_SCIM } from './claims/provisioned-by-scim.ts'
import { USERNAME_LETTERS } from './claims/username-letters.ts'
import { WITHOUT_EMAIL } from './claims/without-email.ts'
import { WRONG_HASH_LOG } from './claims/wrong-hash-log.ts'

/** In the order in which they are asked: a wrong password before the right one, which has Auth0 forget the imported hash. */
export const CLAIMS: readonly Claim[] = [
  WRONG_HASH_LOG,
  PEPPERED_PASSWORD,
  WITHOUT_EMAIL,
  PHONE_WITHOUT_ATTRIBUTE,
  USERNAME_LETTERS,
  LONG_USER_ID,
  NOTED_IDENTITY,
  IMPORT_LENGTH,
  FAILED_JOB,
  PROVISIONED_BY_SCIM,
]
