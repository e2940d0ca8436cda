import fc from 'fast-check'
import type { Check, FieldType } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'

/** What the username length of a connection is: at least, at most. */
export interface Lengths {
  readonly shortest: number
  readonly longest: number
}

const OF_TYPE: Readonly<Record<FieldType | 'null', fc.Arbitrary<unknown>>> = {
  string: fc.string(),
  boolean: fc.boolean(),
  integer: fc.integer(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
  object: fc.dictionary(fc.string(), fc.integer()),
  array: fc.array(fc.integer()),
  null: fc.constant(null),
}

const TYPES = ['string', 'boolean', 'integer', 'number', 'object', 'array', 'null'] as const

const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 70, maxLength: 400 }),
  fc.constantFrom('', ' ', 'a b', '=', '/', 'é', '\n'),
)

/** `^(?!x)` forbids what begins as `x` does; all else is found by trying. */
const notMatching = (pattern: string, flags = ''): fc.Arbitrary<string> => {
  const expression = new RegExp(pattern, `u${flags}`)
  const forbidden = /^\^\(\?!(.*)\)$/u.exec(pattern)?.[1]
  const texts = forbidden === undefined ? anyText : fc.stringMatching(new RegExp(`^${forbidden}`, 'u'))
  return texts.filter((text) => !expression.test(text))
}

const noEmailAddress = fc.oneof(
  fc.string().filter((text) => !text.includes('@')),
  fc.emailAddress().map((address) => `${address} `),
  fc.emailAddress().map((address) => address.replace('@', '@@')),
  fc.emailAddress().map((address) => address.slice(0, address.indexOf('@') + 1)),
  fc.emailAddress().map((address) => `.${address}`),
)

const noUri = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '.', '/', '-') }),
  fc.webUrl().map((url) => url.replace(/^https?:/u, '')),
  fc.webUrl().map((url) => `${url} and more`),
)

const ofLength = (shortest: number, longest: number): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.string({ unit: 'binary', minLength: shortest, maxLength: longest }),
    fc.array(fc.integer(), { minLength: shortest, maxLength: longest }),
  )

const otherProperty = (properties: readonly string[]): fc.Arbitrary<unknown> =>
  fc
    .string({ minLength: 1 })
    .filter((name) => !properties.includes(name) && name !== '__proto__')
    .map((name) => ({ [name]: 1 }))

const some = (properties: readonly string[], least: number): fc.Arbitrary<unknown> =>
  fc.subarray([...properties], { minLength: least }).map((names) => Object.fromEntries(names.map((name) => [name, 1])))

const shorterThan = (length: number): readonly fc.Arbitrary<unknown>[] =>
  length === 0 ? [] : [ofLength(0, length - 1)]
const longerThan = (length: number): fc.Arbitrary<unknown> => ofLength(length + 1, length + 20)

/**
 * Values of a field that break a check, whatever others say of them; `undefined` stands for a field that is absent.
 * `lengths`: what the connection says of usernames.
 */
export function violate(check: Check, lengths: Lengths = { shortest: 1, longest: 15 }): fc.Arbitrary<unknown> {
  switch (check.kind) {
    case 'required':
      return fc.constant(undefined)
    case 'absent':
      return fc.oneof(...TYPES.map((type) => OF_TYPE[type]))
    case 'type': {
      const allowed = new Set<string>(check.is.flatMap((type) => (type === 'number' ? ['number', 'integer'] : [type])))
      return fc.oneof(...TYPES.filter((type) => !allowed.has(type)).map((type) => OF_TYPE[type]))
    }
    case 'one of':
      return fc
        .oneof(anyText, fc.double({ noNaN: true }), fc.constant(null), fc.boolean())
        .filter((value) => !check.values.some((allowed) => allowed === value))
    case 'pattern':
      return notMatching(check.pattern, check.flags)
    case 'format':
      return check.format === 'URI' ? noUri : noEmailAddress
    case 'shortest':
      return fc.oneof(...shorterThan(check.length))
    case 'longest':
      return longerThan(check.length)
    case 'username length':
      return fc.oneof(
        ...(check.end === 'longest' ? [] : shorterThan(lengths.shortest)),
        ...(check.end === 'shortest' ? [] : [longerThan(lengths.longest)]),
      )
    case 'least':
      return fc.integer({ max: Math.ceil(check.value) - 1 })
    case 'most':
      return fc.integer({ min: Math.floor(check.value) + 1 })
    case 'most bytes':
      return fc.integer({ min: check.bytes, max: check.bytes + 100 }).map((length) => ({ of: 'x'.repeat(length) }))
    case 'only':
      return otherProperty(check.properties)
    case 'none of':
      return some(check.properties, 1)
    case 'keys without':
      return fc
        .tuple(fc.string(), fc.constantFrom(...check.characters), fc.string(), fc.boolean())
        .map(([before, character, after, inside]) => {
          const wrong = { [`${before}${character}${after}`]: 1 }
          return inside ? { list: [wrong] } : wrong
        })
    case 'at most one of':
      return some(check.properties, 2)
    case 'at least one of':
      return otherProperty(check.properties)
    case 'exactly one of':
      return fc.oneof(otherProperty(check.properties), some(check.properties, 2))
  }
}
