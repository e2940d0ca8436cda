/** Letters that may stand for each other: as long in UTF-8, and of one case. */
export interface Pool {
  readonly name: string
  readonly letters: readonly string[]
}

const range = (first: number, last: number, step = 1): readonly string[] =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) =>
    String.fromCodePoint(first + index * step),
  )

const pool = (name: string, letters: readonly string[]): Pool => ({ name, letters })

const LOWER = pool('a-z', range(0x61, 0x7a))
const HEX = pool('a-f', range(0x61, 0x66))
const DIGIT = pool('0-9', range(0x30, 0x39))
const LEADING = pool('1-9', range(0x31, 0x39))

/** Each of them has one capital, of the same length. */
const CASED: readonly (readonly [RegExp, Pool])[] = [
  [/^[\u{e0}-\u{2af}]$/u, pool('Latin', [...range(0xe0, 0xf6), ...range(0xf8, 0xfe)])],
  [/^[\u{370}-\u{3ff}]$/u, pool('Greek', [...range(0x3b1, 0x3c1), ...range(0x3c3, 0x3c9)])],
  [/^[\u{400}-\u{52f}]$/u, pool('Cyrillic', range(0x430, 0x44f))],
  [/^[\u{561}-\u{586}]$/u, pool('Armenian', range(0x561, 0x586))],
  [/^[\u{1e00}-\u{1eff}]$/u, pool('Latin of three bytes', range(0x1ea1, 0x1ef9, 2))],
  [/^[\u{ff41}-\u{ff5a}]$/u, pool('wide Latin', range(0xff41, 0xff5a))],
]

const SCRIPTS: readonly (readonly [RegExp, Pool])[] = [
  [/\p{Script=Hebrew}/u, pool('Hebrew', range(0x5d0, 0x5ea))],
  [/\p{Script=Arabic}/u, pool('Arabic', range(0x628, 0x63a))],
  [/\p{Script=Devanagari}/u, pool('Devanagari', range(0x905, 0x939))],
  [/\p{Script=Thai}/u, pool('Thai', range(0xe01, 0xe2e))],
  [/\p{Script=Hiragana}/u, pool('Hiragana', range(0x3041, 0x3093))],
  [/\p{Script=Katakana}/u, pool('Katakana', range(0x30a1, 0x30f3))],
  [/\p{Script=Hangul}/u, pool('Hangul', range(0xac00, 0xd7a3))],
  [/\p{Script=Han}/u, pool('Han', range(0x4e00, 0x9fa5))],
]

/** Whatever is none of the above, by how many bytes it takes. */
const BY_LENGTH: Readonly<Record<number, Pool>> = {
  2: pool('of two bytes', range(0x250, 0x2af)),
  3: pool('of three bytes', range(0x2600, 0x26ff)),
  4: pool('of four bytes', range(0x1f400, 0x1f4ff)),
}

/** Signs of ASCII, by what they may stand for where they may not stay. */
const SIGNS: readonly Pool[] = [
  pool('signs of names', [...'._-=+/']),
  pool('other signs', [...'!#$%&*;<>?^`|~{}[]()']),
  pool('quotes', [...`'"\\,`]),
  pool('blanks', [' ', '\u{a0}']),
  pool('controls', ['\t', '\n', '\r', '\v', '\f', '\b']),
]

export interface LetterContext {
  /** The letters of the whole text are hexadecimal. */
  readonly isHex: boolean
  /** Nothing but signs stands before it. */
  readonly isFirst: boolean
}

/** From what a lower-case letter, digit or foreign letter is drawn; undefined: it is a sign of ASCII or a mark. */
export const poolOf = (letter: string, { isHex, isFirst }: LetterContext): Pool | undefined => {
  if (/^[a-z]$/u.test(letter)) return isHex ? HEX : LOWER
  // A number keeps how many digits it has, and a leading zero where it has one.
  if (letter === '0' && isFirst) return pool('0', ['0'])
  if (/^[0-9]$/u.test(letter)) return isFirst ? LEADING : DIGIT
  if (letter.codePointAt(0) === undefined || (letter.codePointAt(0) ?? 0) < 0x80) return undefined
  const cased = CASED.find(([pattern]) => pattern.test(letter))
  if (cased !== undefined) return cased[1]
  const script = SCRIPTS.find(([pattern, { letters }]) => pattern.test(letter) && sameLength(letter, letters[0] ?? ''))
  return script?.[1] ?? BY_LENGTH[Buffer.byteLength(letter)]
}

/** From what a sign is drawn that may not stay as it is. None becomes `@` or `:`, which a name is made of. */
export const signsLike = (letter: string): Pool | undefined =>
  SIGNS.find(({ letters }) => letters.includes(letter === '@' || letter === ':' ? '#' : letter))

const sameLength = (one: string, other: string): boolean => Buffer.byteLength(one) === Buffer.byteLength(other)

/** A capital's small letter, where both are one character of the same length; else the letter itself. */
export const small = (letter: string): string => {
  const lower = letter.toLowerCase()
  return lower.length === letter.length && sameLength(lower, letter) ? lower : letter
}

/** A small letter's capital; every pool of cased letters has it. */
export const capital = (letter: string): string => {
  const upper = letter.toUpperCase()
  return [...upper].length === 1 ? upper : letter
}
