import { ACTIONS_RULES } from './actions.ts'
import { CLIENTS_RULES } from './clients.ts'
import { CONNECTION_OPTIONS_RULES } from './connection-options.ts'
import { CONNECTIONS_RULES } from './connections.ts'
import { CUSTOM_PASSWORD_HASH_RULES } from './custom-password-hash.ts'
import { EXPORT_FIELDS_RULES } from './export-fields.ts'
import { EXPORTS_RULES } from './exports.ts'
import { HASH_ALGORITHM_RULES } from './hash-algorithms.ts'
import { IDENTIFIER_RULES } from './identifiers.ts'
import { IDENTITIES_RULES } from './identities.ts'
import { IMPORT_CONNECTION_RULES } from './import-connection.ts'
import { IMPORT_FILE_RULES } from './import-file.ts'
import { IMPORT_REQUEST_RULES } from './import-request.ts'
import { IMPORT_ROW_RULES } from './import-row.ts'
import { JOB_ERRORS_RULES } from './job-errors.ts'
import { JOB_LIFE_RULES } from './job-life.ts'
import { JOBS_RULES } from './jobs.ts'
import { KEYED_HASH_RULES } from './keyed-hashes.ts'
import { LIMITS_RULES } from './limits.ts'
import { LOGIN_RULES } from './login.ts'
import { LOGS_RULES } from './logs.ts'
import { MANAGEMENT_TOKEN_RULES } from './management-token.ts'
import { METADATA_RULES } from './metadata.ts'
import { MFA_FACTORS_RULES } from './mfa-factors.ts'
import { OTHER_LIMITS_RULES } from './other-limits.ts'
import { PASSWORD_HASH_RULES } from './password-hash.ts'
import type { Rule } from './rule.ts'
import { SALT_RULES } from './salt.ts'
import { SCIM_RULES } from './scim.ts'
import { SCIM_CONFIGURATION_RULES } from './scim-configuration.ts'
import { SEARCH_RULES } from './search.ts'
import { TOKEN_ENDPOINT_RULES } from './token-endpoint.ts'
import { UNIQUENESS_RULES } from './uniqueness.ts'
import { UPSERT_RULES } from './upsert.ts'
import { UPSTREAM_LOGIN_RULES } from './upstream-login.ts'
import { USER_FIELDS_RULES } from './user-fields.ts'
import { USER_STATES_RULES } from './user-states.ts'
import { USERNAME_RULES } from './usernames.ts'
import { USERS_DELETE_RULES } from './users-delete.ts'
import { USERS_GIVEN_RULES } from './users-given.ts'
import { USERS_READ_RULES } from './users-read.ts'
import { USERS_UNSET_RULES } from './users-unset.ts'
import { USERS_UPDATE_RULES } from './users-update.ts'
import { USERS_WRITE_RULES } from './users-write.ts'

/** Every rule of Auth0's that the stand-in holds requests to, by subject. */
export const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'Management tokens': MANAGEMENT_TOKEN_RULES,
  'Requests for an import': IMPORT_REQUEST_RULES,
  'Connections of an import': IMPORT_CONNECTION_RULES,
  'Import files': IMPORT_FILE_RULES,
  'Import jobs': JOBS_RULES,
  'The life of a job': JOB_LIFE_RULES,
  'Errors of import jobs': JOB_ERRORS_RULES,
  Exports: EXPORTS_RULES,
  'Requests for an export': EXPORT_FIELDS_RULES,
  'Limits of the Management API': LIMITS_RULES,
  'Limits of the other APIs': OTHER_LIMITS_RULES,
  'Rows of an import file': IMPORT_ROW_RULES,
  'E-mail addresses and phone numbers': IDENTIFIER_RULES,
  Usernames: USERNAME_RULES,
  password_hash: PASSWORD_HASH_RULES,
  custom_password_hash: CUSTOM_PASSWORD_HASH_RULES,
  'Algorithms of custom_password_hash': HASH_ALGORITHM_RULES,
  'HMAC and scrypt': KEYED_HASH_RULES,
  'Salt and pepper': SALT_RULES,
  Metadata: METADATA_RULES,
  'Second factors': MFA_FACTORS_RULES,
  Uniqueness: UNIQUENESS_RULES,
  Upsert: UPSERT_RULES,
  'Reading users': USERS_READ_RULES,
  'What users have been given': USERS_GIVEN_RULES,
  'Searching users': SEARCH_RULES,
  'Creating users': USERS_WRITE_RULES,
  'Changing users': USERS_UPDATE_RULES,
  'Taking away from users': USERS_UNSET_RULES,
  'States of users': USER_STATES_RULES,
  'Fields of users': USER_FIELDS_RULES,
  'Deleting users': USERS_DELETE_RULES,
  'Linked identities': IDENTITIES_RULES,
  Connections: CONNECTIONS_RULES,
  'Options of a connection': CONNECTION_OPTIONS_RULES,
  'Applications of a connection': CLIENTS_RULES,
  'SCIM of a connection': SCIM_CONFIGURATION_RULES,
  'Users by SCIM': SCIM_RULES,
  'Token endpoint': TOKEN_ENDPOINT_RULES,
  'Logins with a password': LOGIN_RULES,
  'Logins through other providers': UPSTREAM_LOGIN_RULES,
  Actions: ACTIONS_RULES,
  'The log': LOGS_RULES,
}
