import { article, seenByOthers } from './published.ts'
import type { Source } from './rule.ts'

const PAGES = {
  schema: {
    title: 'User Data JSON Schema for Bulk User Imports',
    page: 'manage-users/user-migration/bulk-user-import-schema',
  },
  imports: {
    title: 'Bulk Import User Data into Auth0 Database Connections',
    page: 'manage-users/user-migration/bulk-user-imports',
  },
  profile: {
    title: 'Auth0 User Profile Attribute Schema',
    page: 'manage-users/user-accounts/user-profiles/user-profile-structure',
  },
  metadata: {
    title: 'Metadata Field Names and Data Types',
    page: 'manage-users/user-accounts/metadata/metadata-fields-data',
  },
  usernames: {
    title: 'Adding Username for Database Connections',
    page: 'authenticate/database-connections/require-username',
  },
  attributes: {
    title: 'Activate and Configure Attributes for Flexible Identifiers',
    page: 'authenticate/database-connections/activate-and-configure-attributes-for-flexible-identifiers',
  },
  'flexible identifiers': {
    title: 'Flexible Identifiers and Attributes',
    page: 'authenticate/database-connections/flexible-identifiers-and-attributes',
  },
  'shared e-mail': {
    title: 'Non-Unique Emails',
    page: 'authenticate/database-connections/non-unique-emails',
  },
} as const

/** What a page about users says, word for word. */
export const pageSays = (page: keyof typeof PAGES, quote: string): Source => ({
  ...PAGES[page],
  quote,
  grade: 'documented',
})

export const FORBIDDEN_ATTRIBUTE = article(
  'Importing Error "Forbidden attribute in appUser: "',
  'https://community.auth0.com/t/importing-error-forbidden-attribute-in-appuser/131623',
  'When importing a user, the error message below is seen with the error code “NOT_PASSED”:',
)

export const INVALID_FORMAT_SEEN = seenByOthers(
  'Is there documentation for all the errors code while doing a bulk import of users and checking job errors',
  'https://community.auth0.com/t/is-there-documentation-for-all-the-errors-code-while-doing-a-bulk-import-of-users-and-checking-job-errors/102951',
  'Error in identities[0].profileData.email property - Object didn’t pass validation for format email: akshay144@',
)

export const ALREADY_EXISTS = article(
  'Duplicate User Error When Performing a Bulk Import with Upsert False',
  'https://community.auth0.com/t/duplicate-user-error-when-performing-a-bulk-import-with-upsert-false/149738',
  'The user already exist and upsert parameter is false',
)

export const NO_HASH_IMPORTED = article(
  'Auth0 Bulk User Import Without Password Hashes',
  'https://support.auth0.com/center/s/article/auth0-bulk-user-import-without-password-hashes',
  'it will fail with the error A custom_password_hash was provided, but the user already has password hash defined.',
)

/** The same article goes on so, against what two pages of the documentation say. */
export const NO_OTHER_HASH = article(
  'Auth0 Bulk User Import Without Password Hashes',
  'https://support.auth0.com/center/s/article/auth0-bulk-user-import-without-password-hashes',
  "The initial import is the only opportunity to include user password hashes. The bulk user import cannot be used to update users' passwords in bulk.",
)

export const MISSING_IN_UPSERT = article(
  'How to Use Bulk Import Job with Upsert Enabled',
  'https://community.auth0.com/t/how-to-use-bulk-import-job-with-upsert-enabled/140108',
  'Any missing attributes in the import payload will not cause changes on the existing profile’s relevant attributes, with the exception of email_verified',
)

export const HASH_PATTERN = article(
  'User Import Fails with Error: "Error in passwordHash Property - String does not Match Pattern"',
  'https://support.auth0.com/center/s/article/user-import-fails-with-error-error-in-passwordhash-property-string-does-not-match-pattern',
  'Error in passwordHash property - String does not match pattern ^\\\\$2[ab]?\\\\$10+\\\\$[./A-Za-z0-9]{53}$',
)

export const HASHED_ANEW = article(
  'Upgrade from an outdated hash algorithm to bcrypt for Custom Database',
  'https://community.auth0.com/t/upgrade-from-an-outdated-hash-algorithm-to-bcrypt-for-custom-database/106101',
  'Auth0 will re-hash the password using bcrypt, then delete the old imported hash and use the internally created bcrypt hash going forwards.',
)
