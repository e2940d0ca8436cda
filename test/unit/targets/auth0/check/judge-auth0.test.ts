import { describe, expect, it } from 'vitest'
import { FINDINGS } from '../../../../../src/findings/catalogue.ts'
import { AUTH0_ACCOUNT_FINDINGS } from '../../../../../src/findings/families/auth0-accounts.ts'
import { AUTH0_CONNECTION_FINDINGS } from '../../../../../src/findings/families/auth0-connection.ts'
import { AUTH0_PROVIDER_FINDINGS } from '../../../../../src/findings/families/auth0-providers.ts'
import { AUTH0_TENANT_FINDINGS } from '../../../../../src/findings/families/auth0-tenant.ts'
import { judgeAuth0 } from '../../../../../src/targets/auth0/check/judge-auth0.ts'
import { CASES, HARMLESS_OPTIONS, PEPPER_CASES } from './cases.ts'
import { FLEXIBLE_CASES } from './connection-cases.ts'
import { ENTRA_ACTION_CASES } from './entra-cases.ts'
import { ALWAYS_SAID, CLIENT_SECRET, configured, provided, SOUND_PEPPER, seeing, sound } from './sound-auth0.ts'

const codesOf = (judged: typeof sound): readonly string[] =>
  judgeAuth0(judged)
    .map(({ code }) => code)
    .filter((code) => !ALWAYS_SAID.includes(code))

const AMONG_OTHERS = [...FLEXIBLE_CASES, ...PEPPER_CASES, ...ENTRA_ACTION_CASES]

const ALL = [...CASES, ...AMONG_OTHERS]

/** What is said of every tenant of the kind. */
const BESIDE = ['AUTH0_FLEXIBLE', 'AUTH0_PASSWORDS_UNSEEN', 'AUTH0_PEPPER_DISCLOSED', 'AUTH0_PROVIDER_LINKS_LATER']

describe('the check of Auth0', () => {
  it('finds nothing where everything is right, but what is done about mails', () => {
    expect(judgeAuth0(sound).map(({ code }) => code)).toEqual(ALWAYS_SAID)
    expect(codesOf(HARMLESS_OPTIONS)).toEqual([])
  })

  it.each(CASES)('$code when $when, and nothing else', ({ code, judged }) => {
    expect(codesOf(judged)).toEqual([code])
  })

  it.each(AMONG_OTHERS)('$code when $when', ({ code, judged }) => {
    expect(codesOf(judged).filter((one) => one === code || !BESIDE.includes(one))).toEqual([code])
  })

  it.each(ALL)('says of $code when $when what it means and what to do', ({ code, judged, says, remedy, count }) => {
    const found = judgeAuth0(judged).find((one) => one.code === code)
    expect(found?.severity).toBe(FINDINGS[code].severity)
    expect(found?.message).toMatch(says)
    expect(found?.remedy.join('\n')).toMatch(remedy)
    expect(found).toMatchObject(count === undefined ? {} : { count })
  })

  it('has a case for every code of its catalogue', () => {
    const codes = {
      ...AUTH0_TENANT_FINDINGS,
      ...AUTH0_CONNECTION_FINDINGS,
      ...AUTH0_ACCOUNT_FINDINGS,
      ...AUTH0_PROVIDER_FINDINGS,
    }
    const shown = [...ALL.map(({ code }) => code), ...ALWAYS_SAID]
    expect(new Set(shown)).toEqual(new Set(Object.keys(codes)))
  })

  it.each(ALL)('never prints a pepper or secret ($code when $when)', ({ judged }) => {
    const text = JSON.stringify(judgeAuth0({ ...judged, pepper: SOUND_PEPPER, passwords: 5 }))
    for (const secret of [CLIENT_SECRET, SOUND_PEPPER]) expect(text).not.toContain(secret)
  })

  it('asks nothing of passwords where none are carried, whatever the pepper is', () => {
    const withheld = { ...configured({ pepper: 'withhold' }), pepper: SOUND_PEPPER }
    expect(codesOf({ ...withheld, passwords: 0 })).toEqual([])
    const left = configured({ passwords: 'leave', pepper: 'withhold' })
    expect(codesOf({ ...left, pepper: SOUND_PEPPER, passwords: 5 })).toEqual([])
  })

  it('says nothing of a pepper that leaves room enough, or that Auth0 is not told', () => {
    expect(codesOf({ ...sound, passwords: 5, pepper: 'p'.repeat(40) })).not.toContain('AUTH0_PEPPER_LONG')
    const withheld = configured({ pepper: 'withhold' })
    expect(codesOf({ ...withheld, passwords: 5, pepper: 'p'.repeat(64) })).not.toContain('AUTH0_PEPPER_LONG')
  })

  it('takes an empty pepper for none', () => {
    expect(codesOf({ ...configured({ pepper: 'withhold' }), pepper: '', passwords: 5 })).toEqual([
      'AUTH0_PASSWORDS_UNSEEN',
    ])
  })

  it('says of a client that may do little which scopes it lacks, and nothing of what it could not read', () => {
    const seen = { missingScopes: ['read:connections'], limits: [] }
    expect(codesOf({ ...sound, seen, people: undefined })).toEqual(['AUTH0_SCOPES'])
  })

  it('says nothing of providers that nobody uses, or whose links are left', () => {
    const gone = seeing({ providers: [] })
    expect(codesOf({ ...gone, providersInUse: [{ authProvider: 'oidc-corporate', count: 0 }] })).toEqual([])
    const [corporate] = sound.config.providers
    const providers = corporate === undefined ? [] : [{ ...corporate, link: 'leave' as const }]
    expect(codesOf({ ...gone, config: { ...sound.config, providers } })).toEqual([])
  })

  it('says once of all providers that their people are linked at the first login', () => {
    const providers = ['corporate', 'github'].map(
      (id) => ({ id, authProvider: `oidc-${id}`, strategy: 'oidc', link: 'action' }) as const,
    )
    const [corporate] = sound.seen.providers ?? []
    const present = providers.flatMap(({ id }) => (corporate === undefined ? [] : [{ ...corporate, name: id }]))
    const judged = {
      ...seeing({ providers: present, action: 'absent' }),
      config: { ...sound.config, providers },
      providersInUse: [
        { authProvider: 'oidc-corporate', count: 3 },
        { authProvider: 'oidc-github', count: 1 },
      ],
    } as const
    expect(judgeAuth0(judged).filter(({ code }) => code === 'AUTH0_ACTION_MISSING')).toMatchObject([
      {
        count: 4,
        samples: ['corporate', 'github'],
        message: expect.stringMatching(/links 4 identities at corporate, github/),
      },
    ])
  })

  it('names links of an earlier delegation to MAS, which mean nothing here', () => {
    const judged = { ...sound, providersInUse: [{ authProvider: 'oauth-delegated', count: 4 }] }
    expect(codesOf(judged)).toEqual(['OAUTH_DELEGATED'])
  })

  it('does not ask whether SCIM is set up where it may not be read', () => {
    const [seen] = provided({}).seen.providers ?? []
    const { scim: _, ...unseen } = seen ?? { id: '', name: '', strategy: '', clients: [] }
    expect(codesOf(seeing({ providers: [unseen] }))).toEqual([])
  })
})
