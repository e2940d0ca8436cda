import { describe, expect, it } from 'vitest'
import { FINDINGS, type FindingCode } from '../../../../../src/report/findings/catalogue.ts'
import { MAS_FINDINGS } from '../../../../../src/report/findings/mas.ts'
import { checkMas, type MasCheck } from '../../../../../src/targets/mas/check-mas.ts'
import type { MasConfig } from '../../../../../src/targets/mas/config/mas-config.ts'
import type { MasInspection, PresentColumn } from '../../../../../src/targets/mas/database/inspection.ts'
import {
  SOUND_PEPPER,
  soundCheck,
  soundConfig,
  soundHomeserver,
  soundInspection,
} from '../../../../support/sound-mas.ts'

const PEPPER = SOUND_PEPPER
const SECRET = 'k4-of-mas-alone'

const inspected = (change: Partial<MasInspection>): MasCheck => ({
  ...soundCheck,
  inspection: { ...soundInspection, ...change },
})
const configured = (change: Partial<MasConfig>): MasCheck => ({ ...soundCheck, config: { ...soundConfig, ...change } })
const homeserver = (change: Partial<MasCheck['homeserver']>): MasCheck => ({
  ...soundCheck,
  homeserver: { ...soundHomeserver, ...change },
})

const { tables, migrations = { versions: [], failed: [] } } = soundInspection
const withoutTables = (...names: readonly string[]) => tables.filter(({ name }) => !names.includes(name))
const withColumns = (table: string, change: (columns: readonly PresentColumn[]) => readonly PresentColumn[]) =>
  inspected({ tables: tables.map((one) => (one.name === table ? { ...one, columns: change(one.columns) } : one)) })
const bcrypt = (change: Partial<MasConfig['passwordSchemes'][number]>): MasCheck =>
  configured({ passwordSchemes: [{ version: 1, algorithm: 'bcrypt', unicodeNormalization: true, ...change }] })
const secret = (text: string): { readonly secret: Uint8Array } => ({ secret: new TextEncoder().encode(text) })
const provider = soundConfig.providers[0]!

interface Case {
  readonly code: FindingCode
  readonly when: string
  readonly check: MasCheck
  readonly says: RegExp
  readonly remedy: RegExp
  readonly count?: number
}

const CASES: readonly Case[] = [
  {
    code: 'MAS_IS_SYNAPSE_DATABASE',
    when: 'both databases are one',
    check: { ...soundCheck, sameDatabase: true },
    says: /names the database mas, which is Synapse's/,
    remedy: /CREATE DATABASE/,
  },
  {
    code: 'MAS_POSTGRES_TOO_OLD',
    when: 'the server is PostgreSQL 13',
    check: inspected({ serverVersion: '13.9', serverVersionNumber: 130_009 }),
    says: /PostgreSQL 13\.9; version 14/,
    remedy: /Upgrade/,
  },
  {
    code: 'MAS_ENCODING',
    when: 'the database is not UTF8',
    check: inspected({ encoding: 'SQL_ASCII' }),
    says: /SQL_ASCII instead of UTF8/,
    remedy: /ENCODING 'UTF8'/,
  },
  {
    code: 'MAS_READ_ONLY',
    when: 'the server is a standby',
    check: inspected({ inRecovery: true }),
    says: /standby/,
    remedy: /primary/,
  },
  {
    code: 'MAS_SCHEMA_MISSING',
    when: 'a table is missing',
    check: inspected({ tables: withoutTables('user_emails') }),
    says: /lacks 1 table of MAS: user_emails/,
    remedy: /mas-cli database migrate/,
    count: 1,
  },
  {
    code: 'MAS_SCHEMA_MISSING',
    when: 'there is no table at all',
    check: inspected({ tables: [], migrations: { versions: [], failed: [] } }),
    says: /none of MAS's tables/,
    remedy: /mas-cli database migrate/,
    count: 9,
  },
  {
    code: 'MAS_TABLES_ELSEWHERE',
    when: 'a run was interrupted',
    check: inspected({ tables: withoutTables('users'), elsewhere: [{ schema: 'syn2op_loading', table: 'users' }] }),
    says: /interrupted: it has set 1 table of MAS aside/,
    remedy: /syn2op migrate --resume/,
    count: 1,
  },
  {
    code: 'MAS_TABLES_ELSEWHERE',
    when: 'the search path leads past the tables',
    check: inspected({ tables: withoutTables('users'), elsewhere: [{ schema: 'auth', table: 'users' }] }),
    says: /does not lead to the schema auth/,
    remedy: /auth the first schema/,
  },
  {
    code: 'MAS_SCHEMA_TOO_OLD',
    when: 'migrations have not been run',
    check: inspected({ migrations: { ...migrations, versions: migrations.versions.slice(0, -2) } }),
    says: /lacks 2 schema migrations of MAS 1\.22: \d+, 20260720134722/,
    remedy: /mas-cli database migrate/,
    count: 2,
  },
  {
    code: 'MAS_SCHEMA_NEWER',
    when: 'MAS has a migration of the future',
    check: inspected({ migrations: { ...migrations, versions: [...migrations.versions, 20270101000000] } }),
    says: /1 schema migration that this syn2op, whose last is 20260720134722, does not know/,
    remedy: /newer syn2op/,
    count: 1,
  },
  {
    code: 'MAS_MIGRATION_FAILED',
    when: 'a migration did not finish',
    check: inspected({ migrations: { ...migrations, failed: [20260720134722] } }),
    says: /did not finish 1 schema migration: 20260720134722/,
    remedy: /mas-cli database migrate/,
    count: 1,
  },
  {
    code: 'MAS_COLUMN_MISSING',
    when: 'a column is gone',
    check: withColumns('users', (columns) => columns.filter(({ name }) => name !== 'is_guest')),
    says: /lack columns: users\.is_guest/,
    remedy: /mas-cli database migrate/,
    count: 1,
  },
  {
    code: 'MAS_COLUMN_REQUIRED',
    when: 'a new column takes no NULL and has no default',
    check: withColumns('users', (columns) => [
      ...columns,
      { name: 'tenant', type: 'uuid', nullable: false, filledByItself: false },
    ]),
    says: /users\.tenant/,
    remedy: /made for this version/,
    count: 1,
  },
  {
    code: 'MAS_COLUMN_REQUIRED',
    when: 'a column that may be NULL no longer may',
    check: withColumns('compat_sessions', (columns) =>
      columns.map((column) => (column.name === 'user_agent' ? { ...column, nullable: false } : column)),
    ),
    says: /compat_sessions\.user_agent/,
    remedy: /made for this version/,
  },
  {
    code: 'MAS_COLUMN_TYPE',
    when: 'a column changed its type',
    check: withColumns('user_passwords', (columns) =>
      columns.map((column) => (column.name === 'version' ? { ...column, type: 'bigint' } : column)),
    ),
    says: /user_passwords\.version \(bigint instead of integer\)/,
    remedy: /made for this version/,
  },
  {
    code: 'MAS_COLUMN_UNKNOWN',
    when: 'a new column has a default',
    check: withColumns('users', (columns) => [
      ...columns,
      { name: 'plan', type: 'text', nullable: false, filledByItself: true },
    ]),
    says: /users\.plan/,
    remedy: /release notes/,
    count: 1,
  },
  {
    code: 'MAS_NOT_EMPTY',
    when: 'a table holds rows',
    check: inspected({ tables: tables.map((table) => (table.name === 'users' ? { ...table, hasRows: true } : table)) }),
    says: /holds rows in users\./,
    remedy: /DROP DATABASE "mas";\nCREATE DATABASE "mas" OWNER "mas"/,
    count: 1,
  },
  {
    code: 'MAS_IMPORTER_LEFTOVERS',
    when: "MAS's importer was interrupted",
    check: inspected({ importerTables: ['syn2mas__users', 'syn2mas_restore_indices'] }),
    says: /left 2 tables behind: syn2mas__users/,
    remedy: /DROP DATABASE/,
    count: 2,
  },
  {
    code: 'MAS_RUNNING',
    when: 'somebody is connected',
    check: inspected({
      otherSessions: [
        { user: 'mas', applicationName: 'matrix-authentication-service', client: '10.0.0.3', count: 4 },
        { user: 'other', count: 1 },
      ],
    }),
    says: /4 × mas \(matrix-authentication-service\) from 10\.0\.0\.3, 1 × other/,
    remedy: /Stop MAS/,
    count: 5,
  },
  {
    code: 'MAS_TOOLS_CONNECTED',
    when: 'somebody looks with psql',
    check: inspected({ otherSessions: [{ user: 'admin', applicationName: 'psql', client: 'socket', count: 1 }] }),
    says: /1 × admin \(psql\) from socket/,
    remedy: /Close it/,
    count: 1,
  },
  {
    code: 'MAS_PRIVILEGES',
    when: 'our role may not create schemas',
    check: inspected({ mayCreateInDatabase: false, user: 'reader', mayCreateInSchema: false }),
    says: /role reader lacks .*CREATE on the database mas; CREATE on the schema public/,
    remedy: /GRANT CREATE ON DATABASE "mas" TO "reader";\nGRANT CREATE ON SCHEMA "public" TO "reader";/,
    count: 2,
  },
  {
    code: 'MAS_PRIVILEGES',
    when: 'a table that points at ours belongs to another role',
    check: inspected({
      tables: tables.map((table) =>
        table.name === 'oauth2_sessions' ? { ...table, owned: false, owner: 'Other"s' } : table,
      ),
    }),
    says: /ownership of oauth2_sessions/,
    remedy: /GRANT "Other""s" TO "mas";/,
  },
  {
    code: 'MAS_SERVER_NAME',
    when: 'MAS serves another homeserver',
    check: configured({ homeserver: 'localhost:8008' }),
    says: /MAS serves localhost:8008, Synapse is example\.org/,
    remedy: /matrix\.homeserver: example\.org/,
  },
  {
    code: 'MAS_NO_BCRYPT_SCHEME',
    when: 'MAS has its default schemes only',
    check: configured({ passwordSchemes: [{ version: 1, algorithm: 'argon2id', unicodeNormalization: false }] }),
    says: /no bcrypt scheme/,
    remedy: /version: 2, algorithm: bcrypt, unicode_normalization: true/,
    count: 5,
  },
  {
    code: 'MAS_PEPPER',
    when: 'MAS has no secret',
    check: bcrypt({}),
    says: /Synapse has a pepper, but the bcrypt scheme with version 1 of MAS has no secret/,
    remedy: /password_config\.pepper/,
  },
  {
    code: 'MAS_PEPPER',
    when: 'Synapse has no pepper',
    check: { ...bcrypt(secret(SECRET)), homeserver: { ...soundHomeserver, pepper: '' } },
    says: /Synapse has no pepper/,
    remedy: /Remove `secret`/,
  },
  {
    code: 'MAS_PEPPER',
    when: 'they differ',
    check: bcrypt(secret(SECRET)),
    says: /differ/,
    remedy: /password_config\.pepper/,
    count: 5,
  },
  {
    code: 'MAS_PEPPER',
    when: 'the secret file ends with a line break',
    check: bcrypt(secret(`${PEPPER}\n`)),
    says: /with a line break after it/,
    remedy: /byte for byte/,
  },
  {
    code: 'MAS_UNICODE_NORMALIZATION',
    when: 'passwords are not normalised',
    check: bcrypt({ ...secret(PEPPER), unicodeNormalization: false, version: 7 }),
    says: /version 7 of MAS lacks `unicode_normalization: true`/,
    remedy: /version 7/,
    count: 5,
  },
  {
    code: 'MAS_PASSWORDS_DISABLED',
    when: 'MAS takes no passwords',
    check: configured({ passwordsEnabled: false }),
    says: /`passwords\.enabled` is false/,
    remedy: /passwords\.enabled: true/,
    count: 5,
  },
  {
    code: 'MAS_PROVIDER_NOT_CONFIGURED',
    when: 'no provider of MAS has the name',
    check: { ...soundCheck, providersInUse: [{ authProvider: 'saml', count: 1 }] },
    says: /`synapse_idp_id: saml`: 1 link to it stays behind/,
    remedy: /synapse_idp_id: saml/,
    count: 1,
  },
  {
    code: 'MAS_PROVIDER_ROW_MISSING',
    when: 'config sync has not been run',
    check: inspected({ providers: [] }),
    says: /One \(01ARZ3NDEKTSV4RRFFQ69G5FAV\) is configured but not in the MAS database: 3 links/,
    remedy: /mas-cli config sync/,
    count: 3,
  },
  {
    code: 'MAS_PROVIDER_DISABLED',
    when: 'the provider is switched off',
    check: configured({ providers: [{ ...provider, enabled: false }] }),
    says: /enabled: false/,
    remedy: /enabled: true/,
    count: 3,
  },
  {
    code: 'MAS_PROVIDER_TWICE',
    when: 'two providers claim the name',
    check: configured({
      providers: [provider, { id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', uuid: 'x', synapseIdpId: 'oidc-one', enabled: true }],
    }),
    says: /2 providers of MAS have `synapse_idp_id: oidc-one`/,
    remedy: /at one of One \(01ARZ3NDEKTSV4RRFFQ69G5FAV\), 01ARZ3NDEKTSV4RRFFQ69G5FAW/,
  },
  {
    code: 'OAUTH_DELEGATED',
    when: 'an earlier MAS left its links',
    check: { ...soundCheck, providersInUse: [{ authProvider: 'oauth-delegated', count: 9 }] },
    says: /left 9 links to oauth-delegated/,
    remedy: /--accept OAUTH_DELEGATED/,
    count: 9,
  },
  {
    code: 'GUESTS_ALLOWED',
    when: 'Synapse lets guests in',
    check: homeserver({ allowGuestAccess: true }),
    says: /guests/,
    remedy: /allow_guest_access: false/,
  },
  {
    code: 'SYNAPSE_CONFLICTS_WITH_MAS',
    when: 'settings of Synapse exclude MAS',
    check: homeserver({
      conflictsWithMas: ['enable_registration', 'password_config.enabled', 'disable_registration', 'oidc_providers'],
    }),
    says: /enable_registration, password_config\.enabled, disable_registration, oidc_providers/,
    remedy:
      /^enable_registration: false\nenabled: false \(under password_config:.*\ndisable_registration: true\nremove oidc_providers/m,
    count: 4,
  },
]

describe('the check of MAS', () => {
  it('finds nothing where everything is right', () => {
    expect(checkMas(soundCheck)).toEqual([])
  })

  it.each(CASES)('$code when $when, and nothing else', ({ code, check, says, remedy, count }) => {
    const findings = checkMas(check)
    expect(findings.map((finding) => finding.code)).toEqual([code])
    const [found] = findings
    expect(found?.severity).toBe(FINDINGS[code].severity)
    expect(found?.message).toMatch(says)
    expect(found?.remedy.join('\n')).toMatch(remedy)
    if (count !== undefined) expect(found?.count).toBe(count)
  })

  it('has a case for every code of its catalogue', () => {
    expect(new Set(CASES.map(({ code }) => code))).toEqual(new Set(Object.keys(MAS_FINDINGS)))
  })

  it.each(CASES)('never prints a pepper or secret ($code when $when)', ({ check }) => {
    const text = JSON.stringify(checkMas(check))
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain(PEPPER)
  })

  it('says several things at once', () => {
    const check: MasCheck = {
      ...configured({ homeserver: 'other.org', passwordSchemes: [] }),
      inspection: { ...soundInspection, encoding: 'LATIN1', providers: [] },
    }
    const codes = checkMas(check).map(({ code }) => code)
    expect(codes).toEqual(['MAS_ENCODING', 'MAS_SERVER_NAME', 'MAS_NO_BCRYPT_SCHEME', 'MAS_PROVIDER_ROW_MISSING'])
  })

  it('asks nothing of password schemes when there are no passwords', () => {
    const check = { ...configured({ passwordsEnabled: false, passwordSchemes: [] }), passwords: 0 }
    expect(checkMas(check)).toEqual([])
  })

  it('takes it that there are passwords when nobody counted them', () => {
    const { passwords: _, ...uncounted } = configured({ passwordSchemes: [] })
    expect(checkMas(uncounted).map(({ code }) => code)).toEqual(['MAS_NO_BCRYPT_SCHEME'])
  })

  it('does not mind rows of providers that nobody uses', () => {
    const check = { ...inspected({ providers: [] }), providersInUse: [{ authProvider: 'oidc-gone', count: 0 }] }
    expect(checkMas(check)).toEqual([])
  })

  it('knows migrations that MAS took out of its history', () => {
    const versions = [20220709210445, ...migrations.versions]
    expect(checkMas(inspected({ migrations: { ...migrations, versions } }))).toEqual([])
  })

  it('wants a list of migrations', () => {
    const { migrations: _, ...without } = soundInspection
    expect(checkMas({ ...soundCheck, inspection: without })).toMatchObject([
      { code: 'MAS_SCHEMA_MISSING', samples: ['_sqlx_migrations'] },
    ])
  })
})
