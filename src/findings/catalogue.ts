import type { FindingEntry } from './entry.ts'
import { ACCOUNT_STATE_FINDINGS } from './families/account-states.ts'
import { ACCOUNT_FINDINGS } from './families/accounts.ts'
import { APPLICATION_SERVICE_FINDINGS } from './families/application-services.ts'
import { AUTH0_ACCOUNT_FINDINGS } from './families/auth0-accounts.ts'
import { AUTH0_CONNECTION_FINDINGS } from './families/auth0-connection.ts'
import { AUTH0_PROVIDER_FINDINGS } from './families/auth0-providers.ts'
import { AUTH0_TENANT_FINDINGS } from './families/auth0-tenant.ts'
import { BACKUP_FINDINGS } from './families/backup.ts'
import { COHORT_FINDINGS } from './families/cohorts.ts'
import { DEVICE_FINDINGS } from './families/devices.ts'
import { IDENTITY_FINDINGS } from './families/identities.ts'
import { KEYCLOAK_ACCOUNT_FINDINGS } from './families/keycloak-accounts.ts'
import { KEYCLOAK_PROVIDER_FINDINGS } from './families/keycloak-providers.ts'
import { KEYCLOAK_REALM_FINDINGS } from './families/keycloak-realm.ts'
import { KEYCLOAK_SERVER_FINDINGS } from './families/keycloak-server.ts'
import { LEFT_BEHIND_FINDINGS } from './families/left-behind.ts'
import { LEFTOVER_FINDINGS } from './families/leftovers.ts'
import { LINK_FINDINGS } from './families/links.ts'
import { LOGIN_FINDINGS } from './families/logins.ts'
import { MAS_ADDITION_FINDINGS } from './families/mas-additions.ts'
import { MAS_DATABASE_FINDINGS } from './families/mas-database.ts'
import { MAS_SETTINGS_FINDINGS } from './families/mas-settings.ts'
import { PASSWORD_FINDINGS } from './families/passwords.ts'
import { SERVER_FINDINGS } from './families/servers.ts'
import { SQLITE_FINDINGS } from './families/sqlite.ts'
import { SYNAPSE_DATABASE_FINDINGS } from './families/synapse-database.ts'
import { SYNAPSE_SETTINGS_FINDINGS } from './families/synapse-settings.ts'
import { TOKEN_FINDINGS } from './families/tokens.ts'
import { TWIN_FINDINGS } from './families/twins.ts'
import type { Finding } from './finding.ts'

/** The codes by what they are about, in the order in which they are read. */
export const FAMILIES = {
  'Synapse’s database': SYNAPSE_DATABASE_FINDINGS,
  'A SQLite homeserver': SQLITE_FINDINGS,
  'Synapse’s settings': SYNAPSE_SETTINGS_FINDINGS,
  'Accounts': ACCOUNT_FINDINGS,
  'States of accounts': ACCOUNT_STATE_FINDINGS,
  'Ways to log in': LOGIN_FINDINGS,
  'Passwords': PASSWORD_FINDINGS,
  'Addresses and identities': IDENTITY_FINDINGS,
  'Devices': DEVICE_FINDINGS,
  'Tokens': TOKEN_FINDINGS,
  'Application services': APPLICATION_SERVICE_FINDINGS,
  'What stays in Synapse': LEFT_BEHIND_FINDINGS,
  'Leftovers': LEFTOVER_FINDINGS,
  'Names that are taken for one': TWIN_FINDINGS,
  'Cohorts': COHORT_FINDINGS,
  'Links to people of Keycloak': LINK_FINDINGS,
  'Database servers': SERVER_FINDINGS,
  'Backups': BACKUP_FINDINGS,
  'The database of MAS': MAS_DATABASE_FINDINGS,
  'What others have added to the database of MAS': MAS_ADDITION_FINDINGS,
  'The settings of MAS': MAS_SETTINGS_FINDINGS,
  'The server of Keycloak': KEYCLOAK_SERVER_FINDINGS,
  'The realm of Keycloak': KEYCLOAK_REALM_FINDINGS,
  'Ways in and out of the realm of Keycloak': KEYCLOAK_PROVIDER_FINDINGS,
  'People in Keycloak': KEYCLOAK_ACCOUNT_FINDINGS,
  'The tenant of Auth0': AUTH0_TENANT_FINDINGS,
  'The database connection of Auth0': AUTH0_CONNECTION_FINDINGS,
  'People at Auth0': AUTH0_ACCOUNT_FINDINGS,
  'Identity providers at Auth0': AUTH0_PROVIDER_FINDINGS,
} as const satisfies Record<string, Record<string, FindingEntry>>

type CodesOf<Family> = Family extends unknown ? keyof Family : never

export type FindingCode = CodesOf<(typeof FAMILIES)[keyof typeof FAMILIES]>

/** Every code that a finding can carry, with what is always true of it. */
export const FINDINGS = Object.fromEntries(
  Object.values(FAMILIES).flatMap((family): readonly (readonly [string, FindingEntry])[] => Object.entries(family)),
) as Readonly<Record<FindingCode, FindingEntry>>

/** What is always true of a code; undefined: another version of syn2op, or somebody else’s target, has it. */
export const entryOf = (code: string): FindingEntry | undefined =>
  Object.hasOwn(FINDINGS, code) ? FINDINGS[code as FindingCode] : undefined

/** What was seen this time. */
export type Seen = Pick<Finding, 'message' | 'remedy'> & Partial<Pick<Finding, 'count' | 'samples'>>

/** The only way to make a finding: its code is one of the catalogue's, and the severity follows from it. */
export const finding = (code: FindingCode, seen: Seen): Finding => ({
  code,
  severity: FINDINGS[code].severity,
  ...seen,
})
