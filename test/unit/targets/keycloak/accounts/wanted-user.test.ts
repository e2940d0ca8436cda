import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import { toUserImport } from '../../../../../src/targets/keycloak/accounts/user-import.ts'
import { wantedUser } from '../../../../../src/targets/keycloak/accounts/wanted-user.ts'
import { anna, hashOf, RULES, writer } from './people.ts'

const wanted = (with_: Partial<Account> = {}) => wantedUser(anna(with_), RULES)

const imported = (with_: Partial<Account> = {}) =>
  toUserImport(wanted(with_), {
    ...writer('run-1'),
    defaultRole: 'default-roles-people',
    defaultGroups: ['/everybody'],
  })

const emails = (...addresses: readonly string[]): Account['threepids'] =>
  addresses.map((address, addedAt) => ({ medium: 'email', address, addedAt }))

describe('the id of a user', () => {
  it('is the same in every run, another in every realm, and the sub that was written down for this account', () => {
    expect(wanted().id).toBe('4325b7c8-18e2-5a3b-b268-f1f917e4b626')
    expect(wantedUser(anna(), { ...RULES, realm: 'others' }).id).not.toBe(wanted().id)
  })
})

describe('a username', () => {
  it('is folded as Keycloak folds it', () => {
    const names = ['Anna', '\u0130STANBUL', 'Stra\u00DFe', '\u03A3\u0391\u03A3']
    expect(names.map((username) => wanted({ username }).username)).toEqual([
      'anna',
      'i\u0307stanbul',
      'stra\u00DFe',
      '\u03C3\u03B1\u03C2',
    ])
  })

  it('stays the same when it is folded again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (username) => {
        const folded = wanted({ username }).username
        expect(folded.toLowerCase()).toBe(folded)
      }),
    )
  })

  it('is the localpart where the mapping makes none', () => {
    expect(wanted().username).toBe('anna')
  })

  it('is refused where an import of it would fail with all others of its batch', () => {
    expect(wanted({ username: ' ' }).refused).toContain('empty')
    expect(wanted({ username: 'a\0b' }).refused).toContain('NUL')
    expect(wanted({ username: '\u{1F600}'.repeat(255) }).refused).toBeUndefined()
    expect(wanted({ username: '\u{1F600}'.repeat(256) }).refused).toBe(
      'its username has 256 characters, and Keycloak takes 255 at most',
    )
  })
})

describe('the primary address', () => {
  it('is in the field, folded, and all others are in the attribute as they are', () => {
    const user = imported({ threepids: emails('Anna@X.org', 'Other@X.org'), primaryEmail: 'Anna@X.org' })
    expect(user).toMatchObject({ email: 'anna@x.org', emailVerified: true, attributes: { emails: ['Other@X.org'] } })
  })

  it('is in the attribute where Keycloak would refuse it, since its owner could not log in', () => {
    const user = imported({ threepids: emails('a..b@x.org'), primaryEmail: 'a..b@x.org' })
    expect(user.email).toBeUndefined()
    expect(user.emailVerified).toBe(false)
    expect(user.attributes['emails']).toEqual(['a..b@x.org'])
  })

  it('is none where the account has none: all are in the attribute', () => {
    const { primaryEmail: _, ...account } = anna()
    const user = toUserImport(wantedUser(account, RULES), {
      ...writer('run-1'),
      defaultRole: 'default',
      defaultGroups: [],
    })
    expect(user.email).toBeUndefined()
    expect(user.attributes['emails']).toEqual(['anna@example.org', 'other@example.org'])
  })
})

describe('a phone', () => {
  it('is written as an international number where it has digits only, else as it is', () => {
    const phones = ['491701', '+491702', 'ask at the desk'].map((address) => ({
      medium: 'msisdn',
      address,
      addedAt: 0,
    }))
    expect(imported({ threepids: phones }).attributes['phones']).toEqual(['+491701', '+491702', 'ask at the desk'])
  })
})

describe('an address of another medium', () => {
  it('has no place, and is counted', () => {
    const user = wanted({ threepids: [{ medium: 'pigeon', address: 'coop 7', addedAt: 0 }] })
    expect([user.threepids.length, user.leftThreepids]).toEqual([0, 1])
  })
})

describe('an attribute', () => {
  it('has no NUL, no half character and at most 2,048 UTF-16 units, and no character is cut in two', () => {
    const { attributes } = wanted({
      attributes: { a: 'x\0y', b: '\uD83D!', c: 'x'.repeat(3000), d: `x${'\u{1F600}'.repeat(2000)}` },
    })
    expect(attributes['a']).toEqual(['xy'])
    expect(attributes['b']).toEqual(['\uFFFD!'])
    expect(attributes['c']).toEqual(['x'.repeat(2048)])
    expect(attributes['d']).toEqual([`x${'\u{1F600}'.repeat(1023)}`])
  })

  it('is left out where it is blank, which a PUT would take away, or where its name is needed', () => {
    const user = wanted({ attributes: { blank: ' \t', emails: 'x', phones: 'x', syn2op_written: 'x', email: 'x' } })
    expect(user.attributes).toEqual({})
    expect(user.leftAttributes).toEqual(['blank', 'email', 'emails', 'phones', 'syn2op_written'])
  })

  it('is a field of Keycloak where it is named firstName or lastName, unless it would keep its owner out', () => {
    const user = imported({ attributes: { firstName: 'Anna', lastName: 'Fox (they/them)' } })
    expect(user).toMatchObject({ firstName: 'Anna' })
    expect(user.lastName).toBeUndefined()
    expect(wanted({ attributes: { lastName: 'A/B' } }).leftAttributes).toEqual(['lastName'])
  })

  it('may have any name that the mapping allows', () => {
    expect(Object.keys(wanted({ attributes: JSON.parse('{"__proto__":"x","constructor":"y"}') }).attributes)).toEqual([
      '__proto__',
      'constructor',
    ])
  })
})

describe('an SSO identity', () => {
  it('is a link; a further one of the same provider and one that is too long have no place, and are told', () => {
    const subject = (text: string) => ({ authProvider: 'oidc-google', providerId: 'google', subject: text })
    const github = { authProvider: 'oidc-github', providerId: 'github', subject: 'x'.repeat(256) }
    const { links, leftLinks } = wanted({ identities: [subject('first'), subject('second'), github] })
    expect(links).toEqual([{ alias: 'google', subject: 'first' }])
    expect(leftLinks.map(({ alias }) => alias)).toEqual(['google', 'github'])
  })
})

describe('the login', () => {
  it('is closed for who is deactivated or locked; who is deactivated has no password', () => {
    expect([wanted().enabled, wanted({ isLocked: true }).enabled]).toEqual([true, false])
    expect(wanted({ isLocked: true }).passwordHash).toBe(hashOf('a'))
    expect(wanted({ isDeactivated: true })).toMatchObject({ enabled: false })
    expect(wanted({ isDeactivated: true }).passwordHash).toBeUndefined()
  })
})

describe('an import', () => {
  it('has the hash as the provider reads it, with its cost and the date of the run', () => {
    const [credential] = imported({ passwordHash: `$2b$10$${'a'.repeat(53)}` }).credentials ?? []
    expect(credential).toEqual({
      type: 'password',
      createdDate: writer('run-1').passwordDate,
      secretData: `{"value":"$2b$10$${'a'.repeat(53)}","additionalParameters":{}}`,
      credentialData: '{"hashIterations":10,"algorithm":"synapse-bcrypt","additionalParameters":{}}',
    })
  })

  it('gives the default role and the default groups, which an import does not give by itself, and administrators theirs', () => {
    expect(imported().realmRoles).toEqual(['default-roles-people', 'matrix'])
    expect(imported().groups).toEqual(['/everybody', '/staff'])
    expect(imported({ isAdmin: true })).toMatchObject({
      realmRoles: ['default-roles-people', 'matrix', 'admin'],
      groups: ['/everybody', '/staff', '/admins'],
    })
    expect(imported().requiredActions).toEqual(['UPDATE_PROFILE'])
  })

  it('is marked as ours', () => {
    expect(imported().attributes).toMatchObject({ syn2op_server: ['example.org'], syn2op_run: ['run-1'] })
  })
})
