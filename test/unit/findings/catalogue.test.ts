import { describe, expect, test } from 'vitest'
import { entryOf, FINDINGS, type FindingCode } from '../../../src/findings/catalogue.ts'
import type { FindingEntry } from '../../../src/findings/entry.ts'

const entries = Object.entries(FINDINGS) as readonly (readonly [FindingCode, FindingEntry])[]

const codesOf = (is: (entry: FindingEntry) => boolean): readonly string[] =>
  entries.filter(([, entry]) => is(entry)).map(([code]) => code)

describe('an entry of the catalogue', () => {
  test('is found by its code; one that this version does not know has none', () => {
    expect(entryOf('GUESTS')).toBe(FINDINGS.GUESTS)
    expect(entryOf('toString')).toBeUndefined()
    expect(entryOf('')).toBeUndefined()
  })

  test('asks for nothing where its remedy says so without a condition', () => {
    const conditional = ['SEVERAL_IDENTITIES', 'APPSERVICES_GONE', 'COHORT_EMPTY', 'OAUTH_DELEGATED']
    const saysSo = codesOf(({ remedy }) => remedy.startsWith('Nothing'))
    expect(saysSo).toEqual(expect.arrayContaining(conditional))
    expect(codesOf(({ asks }) => asks === false)).toEqual(saysSo.filter((code) => !conditional.includes(code)))
  })

  test('names things where it samples no people: settings, tables, files, providers, patterns', () => {
    const things: readonly string[] = [
      'SYNAPSE_POSTGRES_TOO_OLD',
      'SYNAPSE_ENCODING',
      'SYNAPSE_TABLES_MISSING',
      'SYNAPSE_NOT_READABLE',
      'TABLES_NOT_COUNTED',
      'SYNAPSE_RUNNING',
      'SYNAPSE_SERVER_BUSY',
      'SYNAPSE_BACKGROUND_UPDATES',
      'SYNAPSE_TOO_OLD_FOR_MAS',
      'SQLITE_VALUES',
      'SQLITE_VALUES_LEFT',
      'SQLITE_UNWATCHED',
      'FILES_NOT_READ',
      'SYNAPSE_WORKERS',
      'SYNAPSE_WORKER_DATABASE',
      'SYNAPSE_UNKNOWN_MODULES',
      'SYNAPSE_SETTINGS_LEFT',
      'SYNAPSE_TOOLS_END',
      'SYNAPSE_DELEGATES_ALREADY',
      'PASSWORD_PROVIDERS',
      'SEVERAL_IDENTITIES',
      'PROVIDER_NAMES_ALIKE',
      'LINK_PROVIDER_MISSING',
      'LINK_PROVIDER_SEVERAL',
      'LINK_SUBJECT_OTHER',
      'LINK_LOGINS_HIDDEN',
      'LINK_EXISTING_USERS',
      'GHOSTS_SUSPECTED',
      'SYNAPSE_ROW_SECURITY',
      'SYNAPSE_REPLICA_BEHIND',
      'SYNAPSE_REPLICA_CANCELS',
      'SYNAPSE_COLLATION',
      'MAS_COLLATION',
      'MAS_ROW_SECURITY',
      'MAS_WRITES_OFF',
      'MAS_CONNECTIONS',
      'MAS_WAITS_FOR_STANDBY',
      'MAS_DISK_NEEDED',
      'NO_BACKUP',
      'BACKUP_ADVISED',
      'MAS_IS_SYNAPSE_DATABASE',
      'MAS_POSTGRES_TOO_OLD',
      'MAS_ENCODING',
      'MAS_READ_ONLY',
      'MAS_SCHEMA_MISSING',
      'MAS_TABLES_ELSEWHERE',
      'MAS_SCHEMA_TOO_OLD',
      'MAS_SCHEMA_NEWER',
      'MAS_MIGRATION_FAILED',
      'MAS_COLUMN_MISSING',
      'MAS_COLUMN_REQUIRED',
      'MAS_COLUMN_TYPE',
      'MAS_COLUMN_UNKNOWN',
      'MAS_NOT_EMPTY',
      'MAS_HAS_PEOPLE',
      'MAS_COPY_ASIDE',
      'MAS_UPGRADED_SINCE_COPY',
      'MAS_ROWS_NOT_ON_RECORD',
      'MAS_IN_USE',
      'MAS_IMPORTER_LEFTOVERS',
      'MAS_RUNNING',
      'MAS_TOOLS_CONNECTED',
      'MAS_PRIVILEGES',
      'MAS_FOREIGN_CONSTRAINT',
      'MAS_CONSTRAINT_UNKNOWN',
      'MAS_FOREIGN_TRIGGER',
      'MAS_SERVER_NAME',
      'MAS_SHARED_SECRET',
      'MAS_NO_BCRYPT_SCHEME',
      'MAS_PEPPER',
      'MAS_UNICODE_NORMALIZATION',
      'MAS_NEWEST_SCHEME_UNNORMALISED',
      'MAS_PASSWORDS_DISABLED',
      'MAS_PROVIDER_NOT_CONFIGURED',
      'MAS_PROVIDER_ROW_MISSING',
      'MAS_PROVIDER_DISABLED',
      'MAS_PROVIDER_TWICE',
      'OAUTH_DELEGATED',
      'GUESTS_ALLOWED',
      'SYNAPSE_CONFLICTS_WITH_MAS',
      'KEYCLOAK_TOO_OLD',
      'KEYCLOAK_NEWER',
      'KEYCLOAK_VERSION_UNKNOWN',
      'KEYCLOAK_ROLES_MISSING',
      'KEYCLOAK_PLAIN_HTTP',
      'KEYCLOAK_PROVIDER_MISSING',
      'KEYCLOAK_PROVIDER_VERSION',
      'KEYCLOAK_PROVIDER_BROKEN',
      'KEYCLOAK_PEPPER',
      'KEYCLOAK_PEPPER_UNPROVED',
      'KEYCLOAK_PEPPER_WEAK',
      'KEYCLOAK_STATISTICS_OLD',
      'KEYCLOAK_REALM_DISABLED',
      'KEYCLOAK_EMAIL_LOGIN_OFF',
      'KEYCLOAK_REGISTRATION_OPEN',
      'KEYCLOAK_BRUTE_FORCE_OFF',
      'KEYCLOAK_LOCKS_OUT',
      'KEYCLOAK_PASSWORDS_EXPIRE',
      'KEYCLOAK_POLICY_HASH',
      'KEYCLOAK_POLICY_NOT_MET',
      'KEYCLOAK_EVENTS',
      'KEYCLOAK_TOKENS_SHORT',
      'KEYCLOAK_CANARY_CLIENTS',
      'KEYCLOAK_HAS_PEOPLE',
      'KEYCLOAK_PROFILE_REQUIRES',
      'KEYCLOAK_ATTRIBUTES_UNDECLARED',
      'KEYCLOAK_ATTRIBUTES_SINGLE',
      'KEYCLOAK_MARKS_EDITABLE',
      'KEYCLOAK_ACTIONS_UNKNOWN',
      'KEYCLOAK_PROVIDER_UNKNOWN',
      'KEYCLOAK_PROVIDER_OFF',
      'KEYCLOAK_PROVIDER_HIDDEN',
      'KEYCLOAK_PROVIDER_NOT_NAMED',
      'KEYCLOAK_ROLE_UNKNOWN',
      'KEYCLOAK_FEDERATED',
    ]
    expect(codesOf(({ names }) => names === 'things').toSorted()).toEqual(things.toSorted())
  })
})
