import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import { MOST_PROFILE_BYTES, profileBytesAtMost } from '../../../../../src/targets/auth0/accounts/fit-profile.ts'
import { importRow } from '../../../../../src/targets/auth0/accounts/import-row.ts'
import type { UserRules } from '../../../../../src/targets/auth0/accounts/user-rules.ts'
import { type WantedUser, wantedUser } from '../../../../../src/targets/auth0/accounts/wanted-user.ts'
import { account, anna, hashOf, RULES, TAKES, writer } from './people.ts'

const wanted = (one: Partial<Account>, rules: Partial<UserRules> = {}): WantedUser =>
  wantedUser(anna(one), { ...RULES, ...rules })

const emails = (...addresses: readonly string[]): Pick<Account, 'threepids'> => ({
  threepids: addresses.map((address, addedAt) => ({ medium: 'email', address, addedAt })),
})

describe('the user_id', () => {
  it('is the same in every run, another one at another connection, and of 32 hexadecimal digits', () => {
    expect(wanted({}).id).toMatch(/^auth0\|[0-9a-f]{32}$/)
    expect(wanted({ username: 'another' }).id).toBe(wanted({}).id)
    expect(wanted({}, { connection: 'staff' }).id).not.toBe(wanted({}).id)
    expect(wanted({ mxid: '@b:example.org' }).id).not.toBe(wanted({}).id)
  })
})

describe('an e-mail address', () => {
  it('is in the field, in small letters, where it is the primary one; the others are in the metadata as they are', () => {
    expect(wanted({ ...emails('Anna@X.org', 'Other@X.org'), primaryEmail: 'Anna@X.org' }).threepids).toEqual([
      { place: 'email', value: 'anna@x.org' },
      { place: 'emails', value: 'Other@X.org' },
    ])
  })

  it.each([
    `${'l'.repeat(65)}@x.org`,
    `anna@${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(59)}.org`,
    'anna@localhost',
    'a..b@x.org',
    'é@x.org',
    'anna@münchen.de',
    'two@at@x.org',
    'white space@x.org',
    'nothing',
  ])('is in the metadata where the field would not take it: %s', (address) => {
    expect(wanted({ ...emails(address), primaryEmail: address }).threepids).toEqual([
      { place: 'emails', value: address },
    ])
  })

  it('is verified: Synapse has done it', () => {
    expect(importRow(wanted({}), writer('run-1'))).toMatchObject({ email_verified: true, phone_verified: true })
  })
})

describe('a phone', () => {
  it('is in the field, with a plus sign, where it is the oldest that Auth0 takes', () => {
    const threepids = [
      { medium: 'msisdn', address: '491702', addedAt: 3 },
      { medium: 'msisdn', address: '491701', addedAt: 2 },
      { medium: 'msisdn', address: '0170', addedAt: 1 },
    ]
    expect(wanted({ threepids }).threepids).toEqual([
      { place: 'phones', value: '+491702' },
      { place: 'phone', value: '+491701' },
      { place: 'phones', value: '+0170' },
    ])
    const takes = { ...TAKES, takesPhones: false }
    expect(wanted({ threepids }, { takes }).threepids.map(({ place }) => place)).toEqual(['phones', 'phones', 'phones'])
  })
})

describe('an attribute of the mapping', () => {
  it('is a root field by its name where it fits, else in the metadata, else told as left', () => {
    const { names, attributes, leftAttributes } = wanted({
      attributes: {
        'name': 'Anna',
        'given_name': 'x'.repeat(151),
        'nickname': 'x'.repeat(300),
        'picture': 'mxc://example.org/abc',
        'colour': 'green',
        'shoe.size': '38',
        'price$': '7',
        'blank': ' ',
      },
    })
    expect(names).toEqual({ name: 'Anna', nickname: 'x'.repeat(300) })
    expect(attributes).toEqual({ colour: 'green' })
    expect(leftAttributes).toEqual(['blank', 'given_name', 'picture', 'price$', 'shoe.size'])
  })
})

describe('an identity', () => {
  it('is noted for the Action, made by SCIM, or left, as the provider says', () => {
    const identities = ['google-oauth2', 'corp', 'old', 'unknown'].map((providerId) => ({
      authProvider: 'any',
      providerId,
      subject: 's',
    }))
    const { links, leftLinks } = wanted({ identities })
    expect(links).toEqual([
      { connection: 'google-oauth2', subject: 's', how: 'action' },
      { connection: 'corp', subject: 's', how: 'scim' },
    ])
    expect(leftLinks.map(({ connection }) => connection)).toEqual(['old', 'unknown'])
    expect(importRow(wanted({ identities }), writer('run-1')).app_metadata['matrix']).toMatchObject({
      external_ids: ['google-oauth2|s'],
    })
  })

  it('is made by SCIM once for each person: who is made so is the primary of the others', () => {
    const identities = ['s1', 's2'].map((subject) => ({ authProvider: 'oidc-corp', providerId: 'corp', subject }))
    expect(wanted({ identities })).toMatchObject({ links: [{ subject: 's1' }], leftLinks: [{ subject: 's2' }] })
  })
})

describe('an account that may not log in', () => {
  it('is blocked: locked with its password, deactivated without it and without addresses, which another may get', () => {
    expect(wanted({ isLocked: true })).toMatchObject({ blocked: true, passwordHash: hashOf('a') })
    const deactivated = wanted({ isDeactivated: true })
    expect(deactivated).toMatchObject({ blocked: true, threepids: [], leftThreepids: 4 })
    expect(deactivated.passwordHash).toBeUndefined()
  })
})

describe('an account is refused in words', () => {
  const { primaryEmail: _, ...nobody } = anna({ threepids: [] })
  it.each<[string, Account, Partial<UserRules>, string]>([
    ['without the e-mail that is required', nobody, { takes: { ...TAKES, requiresEmail: true } }, 'requires one'],
    ['without an e-mail where the rules refuse that', nobody, { email: { without: 'refuse' } }, 'auth0.yaml'],
    ['without the phone that is required', nobody, { takes: { ...TAKES, requiresPhone: true } }, 'phone number'],
    ['without any name to log in by', nobody, { takes: { ...TAKES, takesUsernames: false } }, 'neither'],
    ['with a hash of $2x$', anna({ passwordHash: hashOf('a').replace('2b', '2x') }), {}, '$2a$'],
    ['with another hash than bcrypt', anna({ passwordHash: '$argon2id$v=19$m=1' }), {}, 'bcrypt'],
    ['with a username that is too long', anna({ username: 'x'.repeat(129) }), {}, '128'],
    [
      'with identities that alone are too large',
      anna({ identities: [{ authProvider: 'g', providerId: 'google-oauth2', subject: 'x'.repeat(10_000) }] }),
      {},
      'bytes',
    ],
  ])('%s', (_what, one, rules, words) => {
    const { refused } = wantedUser(one, { ...RULES, ...rules })
    expect(refused).toContain(words)
    expect(refused).not.toContain(one.passwordHash ?? '$argon2')
  })

  it.each(['$2a$', '$2b$', '$2y$'])('but not with a hash of %s', (prefix) => {
    expect(wanted({ passwordHash: hashOf('a').replace('$2b$', prefix) }).refused).toBeUndefined()
  })
})

describe('the profile', () => {
  it('is never above 10 KB, whatever the account has', () => {
    const large = fc.record({
      attributes: fc.dictionary(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 3000 }), {
        maxKeys: 12,
      }),
      mails: fc.nat({ max: 300 }),
      phones: fc.nat({ max: 300 }),
      one: account,
    })
    fc.assert(
      fc.property(large, ({ attributes, mails, phones, one }) => {
        const threepids = [
          ...Array.from({ length: mails }, (_, n) => ({ medium: 'email', address: `m${n}@example.org`, addedAt: n })),
          ...Array.from({ length: phones }, (_, n) => ({ medium: 'msisdn', address: `4917${n}`, addedAt: n })),
        ]
        const user = wantedUser({ ...one, attributes, threepids }, RULES)
        const { custom_password_hash: _, ...row } = importRow(user, writer('20261121-031500-9f3a'))
        expect(Buffer.byteLength(JSON.stringify(row))).toBeLessThanOrEqual(10_000)
        expect(profileBytesAtMost(user)).toBeLessThanOrEqual(MOST_PROFILE_BYTES)
        if (!one.isDeactivated) expect(user.threepids.length + user.leftThreepids).toBe(threepids.length)
      }),
      { numRuns: 60 },
    )
  })

  it('gives up attributes first, the last of them first, then phones, then e-mails, and no more than it must', () => {
    const attributes = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, 'x'.repeat(4000)]))
    const some = wanted({ attributes })
    expect(Object.keys(some.attributes)).toEqual(['a', 'b'])
    expect(some).toMatchObject({ leftAttributes: ['c'], leftThreepids: 0 })

    const threepids = Array.from({ length: 400 }, (_, n) => [
      { medium: 'email', address: `m${n}@example.org`, addedAt: n },
      { medium: 'msisdn', address: `4917000${n}`, addedAt: n },
    ]).flat()
    const many = wanted({ attributes: { a: 'x' }, threepids, primaryEmail: 'm0@example.org' })
    expect(many.leftAttributes).toEqual(['a'])
    expect(many.threepids.filter(({ place }) => place === 'phones')).toEqual([])
    expect(many.threepids.slice(0, 3)).toEqual([
      { place: 'email', value: 'm0@example.org' },
      { place: 'phone', value: '+49170000' },
      { place: 'emails', value: 'm1@example.org' },
    ])
    expect(many.refused).toBeUndefined()
    expect(MOST_PROFILE_BYTES).toBeLessThan(10_000)
  })
})

describe('the row of an import', () => {
  it('is what the schema of imports names', () => {
    expect(importRow(wanted({ isLocked: true, isAdmin: true }), writer('run-1'))).toEqual({
      user_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      username: 'anna',
      email: 'anna@example.org',
      email_verified: true,
      phone_number: '+491701234567',
      phone_verified: true,
      name: 'Anna',
      blocked: true,
      app_metadata: {
        syn2op: expect.objectContaining({ mxid: '@anna:example.org', server: 'example.org', run: 'run-1' }),
        matrix: {
          created_at: '2017-07-14T02:40:00.000Z',
          admin: true,
          emails: ['other@example.org'],
          phones: ['+491701234568'],
          external_ids: ['google-oauth2|g1'],
          attributes: { colour: 'green' },
        },
      },
      custom_password_hash: { algorithm: 'bcrypt', hash: { value: hashOf('a'), encoding: 'utf8' } },
    })
  })

  it('discloses the pepper only where it is given: after the password, as Synapse hashes it', () => {
    expect(importRow(wanted({}), writer('run-1'), { pepper: 'cayenne' }).custom_password_hash?.salt).toEqual({
      value: 'cayenne',
      encoding: 'utf8',
      position: 'suffix',
    })
    expect(importRow(wanted({}), writer('run-1'), { pepper: '' }).custom_password_hash).not.toHaveProperty('salt')
    const { passwordHash: _, ...without } = anna()
    const row = importRow(wantedUser(without, RULES), writer('run-1'), { pepper: 'cayenne' })
    expect(JSON.stringify(row)).not.toContain('cayenne')
  })
})
