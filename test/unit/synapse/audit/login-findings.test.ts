import { describe, expect, test } from 'vitest'
import { finding } from '../../../../src/findings/catalogue.ts'
import type { Finding } from '../../../../src/findings/finding.ts'
import type { RelationCount } from '../../../../src/report/documents.ts'
import { type LoginFacts, loginFindings } from '../../../../src/synapse/audit/login-findings.ts'
import { soundHomeserver } from '../../../support/sound-mas.ts'

const SECRET = 'shared_secret_authenticator.SharedSecretAuthProvider'
const LDAP = 'ldap_auth_provider.LdapAuthProviderModule'

const without = (count: number): readonly Finding[] => [
  finding('ACCOUNTS_WITHOUT_LOGIN', { message: 'some', count, remedy: [] }),
]
const passwords: readonly RelationCount[] = [{ relation: 'password', read: 9, carried: 8, left: [] }]

const found = (homeserver: Partial<LoginFacts['homeserver']>, more: Partial<LoginFacts> = {}) =>
  loginFindings({ homeserver: { ...soundHomeserver, ...homeserver }, relations: [], findings: [], ...more })

describe('logins that only a module knows', () => {
  test('are told with the people who most likely come through it', () => {
    const [told] = found({ modules: [LDAP] }, { findings: without(1234) })
    expect(told).toMatchObject({ code: 'PASSWORD_PROVIDERS', count: 1234, samples: [LDAP] })
    expect(told?.message).toContain('1,234 people have neither a password nor an identity')
  })

  test('are told of a password provider even where nobody seems to need it, and then of nobody', () => {
    const [told, ...others] = found({ passwordProviders: ['rest_auth_provider.RestAuthProvider'] })
    expect(told).toMatchObject({ code: 'PASSWORD_PROVIDERS', message: expect.stringMatching(/the target will not$/u) })
    expect(others).toEqual([])
  })

  test('by tokens are told without people: whoever comes so has a password or an identity too, or is a program', () => {
    const [told] = found({ modules: [SECRET] }, { findings: without(5) })
    expect(told).toMatchObject({ code: 'PASSWORD_PROVIDERS', samples: [SECRET] })
    expect(told).not.toHaveProperty('count')
    expect(told?.message).toContain('a shared secret, for bridges and tools')
    expect(told?.message).not.toMatch(/people|person/u)
  })

  test('by tokens are told apart from those by passwords', () => {
    const [told] = found({ modules: [SECRET, LDAP] }, { findings: without(5) })
    expect(told).toMatchObject({ count: 5, samples: [LDAP, SECRET] })
    expect(told?.message).toMatch(/5 people have .* log in through it; .*shared_secret/u)
  })

  test('are suspected of a module nobody knows beside one that is known', () => {
    const [told] = found({ modules: ['our_own.Module', LDAP] }, { findings: without(5) })
    expect(told).toMatchObject({ count: 5, samples: [LDAP, 'our_own.Module'] })
    expect(told?.message).toMatch(/our_own\.Module .*log in through them/u)
    expect(found({ modules: ['our_own.Module', LDAP] })).toMatchObject([{ samples: [LDAP] }])
  })

  test('count those too whom the mapping holds back for having none', () => {
    const relations: readonly RelationCount[] = [
      { relation: 'account', read: 9, carried: 2, left: [{ reason: 'no_login', count: 7 }] },
    ]
    expect(found({ modules: [LDAP] }, { relations })).toMatchObject([{ count: 7 }])
  })

  test('are suspected of a module nobody knows only where people have no other way in', () => {
    const modules = ['our_own.Module']
    expect(found({ modules })).toEqual([])
    expect(found({ modules }, { findings: without(2) })).toMatchObject([
      { code: 'PASSWORD_PROVIDERS', samples: modules },
    ])
  })

  test('are not told of a module that lets nobody in', () => {
    expect(found({ modules: ['mjolnir.Module'] }, { findings: without(2) })).toEqual([])
  })
})

describe('passwords that nobody can use today', () => {
  test.each([
    { passwordsEnabled: false },
    { passwordsEnabled: 'only_for_reauth' },
    { passwordLocalDatabase: false },
  ] as const)('would count again: %j', (setting) =>
    expect(found(setting, { relations: passwords })).toMatchObject([{ code: 'PASSWORDS_REOPEN', count: 8 }]),
  )

  test('are first of all put back, where they were shut for the cut-over, before anything is said that shuts them at MAS', () => {
    const remedyOf = (setting: Parameters<typeof found>[0]) => found(setting, { relations: passwords })[0]?.remedy ?? []
    const [first, second] = remedyOf({ passwordsEnabled: false })
    expect(first).toContain('`password_config.enabled: true`')
    expect(first).toContain('until `migrate` and `verify` are done')
    expect(second).toMatch(/nobody is to log in with a password.*`passwords.enabled: false`/)
    expect(remedyOf({ passwordLocalDatabase: false })[0]).toContain('`password_config.localdb_enabled: true`')
  })

  test('stay shut where the target takes none', () => {
    const shut = { passwords: true, providers: [] }
    expect(found({ passwordsEnabled: false }, { relations: passwords, shut })).toEqual([])
    expect(
      found({ passwordsEnabled: false }, { relations: passwords, shut: { ...shut, passwords: false } }),
    ).toHaveLength(1)
  })

  test('are no news where Synapse takes them, or where there are none', () => {
    expect(found({}, { relations: passwords })).toEqual([])
    expect(found({ passwordsEnabled: false })).toEqual([])
  })
})

test('logins with JSON web tokens are told, since no row tells of them', () => {
  expect(found({ jwtEnabled: true })).toMatchObject([{ code: 'JWT_LOGINS_END' }])
})
