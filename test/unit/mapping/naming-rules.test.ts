import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { parseMapping } from '../../../src/mapping/load-mapping.ts'
import { primaryEmail } from '../../../src/mapping/primary-email.ts'
import { requireFollowed, unfollowedRules } from '../../../src/mapping/require-followed.ts'
import { shapeAccount, valuesAskedFor } from '../../../src/mapping/shape-account.ts'

const emails = [
  { address: 'old@one.example', addedAt: 1 },
  { address: 'mid@Two.example', addedAt: 2 },
  { address: 'new@one.example', addedAt: 3 },
]
const ANNA = { mxid: '@anna:x.org', localpart: 'anna', emails, displayName: 'Anna B' }

const shape = (text: string, account: Parameters<typeof shapeAccount>[0] = ANNA) =>
  shapeAccount(account, { ...parseMapping(text, 'rules.yaml'), serverName: 'x.org' })

const RULES = `
usernames: { from: ['{email_localpart|lower}', 'mx-{localpart}'] }
emails: { primary: newest, prefer_domains: [TWO.example] }
attributes: { name: '{displayname}', matrix: '{mxid}' }
`

describe('the shape of an account', () => {
  test('by default is its localpart and its oldest address', () => {
    expect(shape('')).toEqual({ username: 'anna', primaryEmail: 'old@one.example' })
  })

  test('is what the rules say, an address of a preferred domain first', () => {
    expect(shape(RULES)).toEqual({
      username: 'mid',
      primaryEmail: 'mid@Two.example',
      attributes: { name: 'Anna B', matrix: '@anna:x.org' },
    })
  })

  test('falls back to the next template, and leaves out attributes that are not known', () => {
    expect(shape(RULES, { mxid: '@b:x.org', localpart: 'b', emails: [] })).toEqual({
      username: 'mx-b',
      attributes: { matrix: '@b:x.org' },
    })
    expect(shape("usernames: { from: '{email}' }", { ...ANNA, emails: [] })).toEqual({})
    expect(shape('emails: { primary: none }')).toEqual({ username: 'anna' })
  })

  test('has one primary address, whatever the order of the addresses', () => {
    const email = fc.record({
      address: fc.constantFrom('a@x', 'b@x', 'b@Y', 'c@y', 'no address'),
      addedAt: fc.integer({ min: 0, max: 2 }),
    })
    const rules = fc.record({
      primary: fc.constantFrom('oldest', 'newest', 'none'),
      preferDomains: fc.constantFrom([], ['y'], ['y', 'x']),
    })
    fc.assert(
      fc.property(
        fc
          .uniqueArray(email, { selector: ({ address }) => address })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        rules,
        ([one, other], rule) => {
          expect(primaryEmail(other, rule)).toBe(primaryEmail(one, rule))
          expect(primaryEmail(one, rule) === undefined).toBe(one.length === 0 || rule.primary === 'none')
        },
      ),
    )
  })

  test('tells which values it asks for, so that no others are read', () => {
    expect([...valuesAskedFor(parseMapping(RULES, 'rules.yaml'))]).toContain('displayname')
    expect([...valuesAskedFor(parseMapping('', 'rules.yaml'))]).toEqual([])
  })
})

describe('rules that a target cannot follow', () => {
  test('are refused, each with its line', () => {
    const mapping = parseMapping(RULES, 'rules.yaml')
    expect(unfollowedRules(mapping, { name: 'mas' }).map(({ at }) => at)).toEqual([
      { file: 'rules.yaml', line: 2, column: 12 },
      { file: 'rules.yaml', line: 3, column: 9 },
      { file: 'rules.yaml', line: 4, column: 13 },
    ])
    expect(() => requireFollowed(mapping, { name: 'mas' })).toThrow(Syn2opError)
  })

  test('are none where they are the defaults, where a target follows them, and where one address is carried alone', () => {
    const none = { name: 'mas' }
    expect(unfollowedRules(parseMapping("usernames: { from: '{localpart}' }", 'r.yaml'), none)).toEqual([])
    expect(unfollowedRules(parseMapping('emails: { primary: newest, others: leave }', 'r.yaml'), none)).toEqual([])
    const all = { name: 'own', follows: { usernames: true, primaryEmail: true, attributes: true } } as const
    expect(unfollowedRules(parseMapping(RULES, 'r.yaml'), all)).toEqual([])
  })
})
