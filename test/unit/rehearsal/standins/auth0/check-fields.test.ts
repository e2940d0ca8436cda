import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFields } from '../../../../../src/rehearsal/standins/auth0/fields/check-fields.ts'
import type { Check, Condition, Rule } from '../../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { violate } from '../../../../support/auth0/violations.ts'

const CONNECTION = { options: { requires_username: true, validation: { username: { min: 3, max: 6 } } } }
const LENGTHS = { shortest: 3, longest: 6 }

/** A table of one rule, of a field `it` of an import row. */
const ruleOf = (check: Check, when?: Condition, path = 'it'): readonly Rule[] => [
  {
    id: 'test',
    says: 'A rule of the test.',
    sources: [{ title: 'test', page: 'test', quote: 'test', grade: 'documented' }],
    field: { of: 'import row', path, check, code: 'BROKEN', ...(when === undefined ? {} : { when }) },
    keeps: { steps: [{ kind: 'import', rows: [] }] },
    breaks: [
      { wrong: 'it', steps: [{ kind: 'import', rows: [] }], refusal: { kind: 'row', index: 0, code: 'BROKEN' } },
    ],
  },
]

const check = (body: unknown, kind: Check, when?: Condition, path?: string) =>
  checkFields(ruleOf(kind, when, path), 'import row', body, CONNECTION)

const list = (of: fc.Arbitrary<unknown>, minLength: number, maxLength: number) => fc.array(of, { minLength, maxLength })
const objectOf = (names: readonly string[], least: number, most = names.length) =>
  fc
    .subarray([...names], { minLength: least, maxLength: most })
    .map((some) => Object.fromEntries(some.map((name) => [name, 1])))

/** Every kind of check, with values that keep it. */
const KINDS: readonly (readonly [Check, fc.Arbitrary<unknown>])[] = [
  [{ kind: 'required' }, fc.anything().filter((value) => value !== undefined)],
  [{ kind: 'absent' }, fc.constant(undefined)],
  [{ kind: 'type', is: ['string'] }, fc.string()],
  [{ kind: 'type', is: ['integer'] }, fc.integer()],
  [{ kind: 'type', is: ['number'] }, fc.double({ noNaN: true })],
  [{ kind: 'type', is: ['object', 'boolean'] }, fc.oneof(fc.boolean(), fc.dictionary(fc.string(), fc.string()))],
  [{ kind: 'type', is: ['array'] }, fc.array(fc.string())],
  [{ kind: 'one of', values: ['prefix', 'suffix', 16, true] }, fc.constantFrom('prefix', 'suffix', 16, true)],
  [{ kind: 'pattern', pattern: '^\\+[0-9]{1,15}$' }, fc.stringMatching(/^\+[0-9]{1,15}$/u)],
  [
    { kind: 'pattern', pattern: '^(?!(\\+[0-9]{1,15}|[0-9]{7,15})$)' },
    fc.constantFrom('ada', '123456', '+', '12a4567'),
  ],
  [{ kind: 'pattern', pattern: '^[a-f]+$', flags: 'i' }, fc.constantFrom('abc', 'ABC', 'F')],
  [{ kind: 'format', format: 'e-mail' }, fc.emailAddress()],
  [{ kind: 'format', format: 'URI' }, fc.webUrl()],
  [{ kind: 'shortest', length: 3 }, fc.oneof(fc.string({ unit: 'binary', minLength: 3 }), list(fc.integer(), 3, 9))],
  [{ kind: 'longest', length: 3 }, fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), list(fc.integer(), 0, 3))],
  [{ kind: 'username length' }, fc.string({ minLength: 3, maxLength: 6 })],
  [{ kind: 'username length', end: 'shortest' }, fc.string({ minLength: 3 })],
  [{ kind: 'username length', end: 'longest' }, fc.string({ maxLength: 6 })],
  [{ kind: 'least', value: 1 }, fc.integer({ min: 1 })],
  [{ kind: 'most', value: 10 }, fc.integer({ max: 10 })],
  [{ kind: 'most bytes', bytes: 100 }, fc.integer({ max: 91, min: 0 }).map((length) => ({ of: 'x'.repeat(length) }))],
  [{ kind: 'only', properties: ['a', 'b'] }, objectOf(['a', 'b'], 0)],
  [{ kind: 'none of', properties: ['a', 'b'] }, objectOf(['c', 'd'], 0)],
  [{ kind: 'keys without', characters: '.$' }, fc.constantFrom({ a: [{ b: '.$' }] }, {}, { 'a-b': { c: null } })],
  [{ kind: 'at most one of', properties: ['a', 'b', 'c'] }, objectOf(['a', 'b', 'c'], 0, 1)],
  [{ kind: 'exactly one of', properties: ['a', 'b', 'c'] }, objectOf(['a', 'b', 'c'], 1, 1)],
  [{ kind: 'at least one of', properties: ['a', 'b', 'c'] }, objectOf(['a', 'b', 'c'], 1)],
]

describe('the checks of fields', () => {
  it.each(KINDS)('finds what breaks %j, and nothing in what keeps it', (kind, keeping) => {
    fc.assert(
      fc.property(violate(kind, LENGTHS), (value) => {
        expect(check({ it: value }, kind)).toMatchObject([{ code: 'BROKEN', path: 'it' }])
      }),
      { numRuns: 50 },
    )
    fc.assert(
      fc.property(keeping, (value) => {
        expect(check({ it: value }, kind)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('asks nothing of a field that is absent, but that it is there', () => {
    const others = KINDS.filter(([{ kind }]) => kind !== 'required')
    expect(others.flatMap(([kind]) => check({}, kind))).toEqual([])
    expect(check({}, { kind: 'required' })).toMatchObject([{ message: 'Missing required property: it' }])
  })

  it('counts an emoji as one character, as JSON Schema does', () => {
    expect(check({ it: '🦀🦀🦀' }, { kind: 'longest', length: 3 })).toEqual([])
    expect(check({ it: '🦀🦀🦀🦀' }, { kind: 'longest', length: 3 })).toMatchObject([
      { message: 'String is too long (4 chars), maximum 3' },
    ])
  })

  it.each([
    'ada@localhost',
    'ada@example.c0m',
    'ada@127.0.0.1',
    'ada@-example.com',
    'ada@example..com',
    '@example.com',
    '"ada l"@example.com',
    'ada@example.com.',
    '@ada:example.org',
  ])('takes %s for no e-mail address', (text) => {
    expect(check({ it: text }, { kind: 'format', format: 'e-mail' })).toHaveLength(1)
  })

  it('names the item of a list that is wrong', () => {
    const body = { it: [{ value: 'ok' }, { value: 7 }, {}, 'no object'] }
    expect(check(body, { kind: 'type', is: ['string'] }, undefined, 'it[].value')).toMatchObject([
      { path: 'it[1].value' },
    ])
    expect(check(body, { kind: 'required' }, undefined, 'it[].value')).toMatchObject([{ path: 'it[2].value' }])
    expect(check(body, { kind: 'type', is: ['object'] }, undefined, 'it[]')).toMatchObject([{ path: 'it[3]' }])
  })

  it('asks for what is inside of an object only where the object is', () => {
    expect(check({}, { kind: 'required' }, undefined, 'salt.value')).toEqual([])
    expect(check({ salt: {} }, { kind: 'required' }, undefined, 'salt.value')).toMatchObject([{ path: 'salt.value' }])
  })

  it('never takes what every object has for a field', () => {
    expect(check({}, { kind: 'absent' }, undefined, 'constructor')).toEqual([])
    expect(check({}, { kind: 'required' }, undefined, 'toString')).toHaveLength(1)
  })

  it('holds a rule with a condition only where its condition holds', () => {
    const when: Condition = { kind: 'field', path: 'algorithm', in: ['argon2', undefined] }
    const found = (body: unknown) => check(body, { kind: 'absent' }, when).length
    expect(found({ algorithm: 'argon2', it: 1 })).toBe(1)
    expect(found({ it: 1 })).toBe(1)
    expect(found({ algorithm: 'bcrypt', it: 1 })).toBe(0)
  })

  it('holds a rule of some connections only for those, and for none where no connection is named', () => {
    const rules = ruleOf({ kind: 'absent' }, { kind: 'connection', setting: 'takes no usernames' })
    const found = (options?: Readonly<Record<string, unknown>>) =>
      checkFields(rules, 'import row', { it: 1 }, options === undefined ? undefined : { options }).length
    expect(found({ requires_username: false })).toBe(1)
    expect(found({ requires_username: true })).toBe(0)
    expect(found()).toBe(0)
  })

  it('leaves out rules of other bodies', () => {
    expect(checkFields(ruleOf({ kind: 'required' }), 'new user', {})).toEqual([])
  })

  it('never repeats a value that breaks a pattern, for it can be a hash', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\$2b\$12\$[a-z]{20}$/u), (hash) => {
        const [violation] = check({ it: hash }, { kind: 'pattern', pattern: '^\\$2[ab]?\\$10' })
        expect(violation?.message).not.toContain(hash)
      }),
    )
  })
})
