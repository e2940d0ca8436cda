import { describe, expect, it } from 'vitest'
import { FINDINGS } from '../../../../../src/findings/catalogue.ts'
import { MAS_ADDITION_FINDINGS } from '../../../../../src/findings/families/mas-additions.ts'
import { MAS_DATABASE_FINDINGS } from '../../../../../src/findings/families/mas-database.ts'
import { MAS_SETTINGS_FINDINGS } from '../../../../../src/findings/families/mas-settings.ts'
import { checkMas, type MasCheck } from '../../../../../src/targets/mas/check-mas.ts'
import { configured, inspected } from '../../../../support/mas-check-cases/case.ts'
import { DATABASE_CASES } from '../../../../support/mas-check-cases/database.ts'
import { SCHEMA_CASES } from '../../../../support/mas-check-cases/schema.ts'
import { MAS_SECRET, SETTINGS_CASES } from '../../../../support/mas-check-cases/settings.ts'
import { SOUND_PEPPER, soundCheck, soundInspection } from '../../../../support/sound-mas.ts'

const CASES = [...DATABASE_CASES, ...SCHEMA_CASES, ...SETTINGS_CASES]
const { migrations = { versions: [], failed: [] } } = soundInspection

describe('the check of MAS', () => {
  it('finds nothing where everything is right', () => {
    expect(checkMas(soundCheck)).toEqual([])
  })

  it.each(CASES)('$code when $when, and nothing else', ({ code, after = [], check, says, remedy, count }) => {
    const findings = checkMas(check)
    expect(findings.map((finding) => finding.code)).toEqual([...after, code])
    const found = findings.at(-1)
    expect(found?.severity).toBe(FINDINGS[code].severity)
    expect(found?.message).toMatch(says)
    expect(found?.remedy.join('\n')).toMatch(remedy)
    expect(found).toMatchObject(count === undefined ? {} : { count })
  })

  it('has a case for every code of its catalogue', () => {
    expect(new Set(CASES.map(({ code }) => code))).toEqual(
      new Set(Object.keys({ ...MAS_DATABASE_FINDINGS, ...MAS_ADDITION_FINDINGS, ...MAS_SETTINGS_FINDINGS })),
    )
  })

  it.each(CASES)('never prints a pepper or secret ($code when $when)', ({ check }) => {
    const text = JSON.stringify(checkMas(check))
    expect(text).not.toContain(MAS_SECRET)
    expect(text).not.toContain(SOUND_PEPPER)
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

  it.each([{ passwordsEnabled: false }, { passwordLocalDatabase: false }] as const)(
    'is content that MAS takes no passwords where Synapse takes none: %j',
    (setting) => {
      const check = configured({ passwordsEnabled: false })
      const without = { ...check.homeserver, ...setting }
      expect(checkMas({ ...check, homeserver: without })).toEqual([])
      const delegating = {
        ...without,
        delegation: { enabled: true, at: { file: 'homeserver.yaml', line: 1, column: 1 } },
      }
      expect(checkMas({ ...check, homeserver: delegating }).map(({ code }) => code)).toContain('MAS_PASSWORDS_DISABLED')
    },
  )

  it('takes it that there are passwords when nobody counted them', () => {
    const { passwords: _, ...uncounted } = configured({ passwordSchemes: [] })
    expect(checkMas(uncounted).map(({ code }) => code)).toEqual(['MAS_NO_BCRYPT_SCHEME'])
  })

  it('says nothing of rows in a table of providers that it may not read', () => {
    const tables = soundInspection.tables.map((table) =>
      table.name === 'upstream_oauth_providers' ? { ...table, readable: false } : table,
    )
    expect(checkMas(inspected({ tables, providers: [] }))).toEqual([])
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
