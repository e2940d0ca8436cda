import fc from 'fast-check'

/** Somebody has set `password`, and now types `typed`; perhaps the hash has been changed in between. */
export interface PasswordCase {
  readonly password: string
  readonly pepper: string
  readonly typed: string
  /** Characters of the hash that are replaced, from 0. */
  readonly edit?: { readonly from: number; readonly to: number; readonly text: string }
}

const same = (password: string, pepper = ''): PasswordCase => ({ password, pepper, typed: password })
const edited = (from: number, to: number, text: string): PasswordCase => ({
  ...same('secret'),
  edit: { from, to, text },
})

/** Title, whether Synapse lets in, the case. A hash is `$2b$04$`, 22 characters of salt, 31 of the hash itself. */
export const WRITTEN_DOWN: readonly (readonly [string, boolean, PasswordCase])[] = [
  ['plain', true, same('secret')],
  ['wrong', false, { password: 'secret', pepper: '', typed: 'Secret' }],
  ['no password', true, same('')],
  ['no password where there is one', false, { password: 'secret', pepper: '', typed: '' }],
  ['pepper', true, same('secret', 'Zwölf')],
  ['pepper typed with the password', false, { password: 'secret', pepper: 'Zwölf', typed: 'secretZwölf' }],
  ['a pepper that is no NFKC stays as it is', true, same('secret', '①ﬁ')],
  ['full-width for ASCII', true, { password: 'fine1', pepper: '', typed: 'ｆｉｎｅ①' }],
  ['decomposed for composed', true, { password: 'Å', pepper: '', typed: 'A\u030a' }],
  ['71 bytes', false, { password: 'x'.repeat(71), pepper: '', typed: 'x'.repeat(72) }],
  ['72 bytes', true, { password: 'x'.repeat(72), pepper: '', typed: 'x'.repeat(73) }],
  ['72nd byte wrong', false, { password: `${'x'.repeat(71)}y`, pepper: '', typed: 'x'.repeat(72) }],
  ['73rd byte wrong', true, { password: `${'x'.repeat(72)}y`, pepper: '', typed: `${'x'.repeat(72)}z` }],
  ['cut inside a character', true, { password: `${'x'.repeat(71)}ä`, pepper: '', typed: `${'x'.repeat(71)}ö` }],
  ['pepper beyond the cut', true, same('x'.repeat(80), 'Zwölf')],
  ['a NUL inside', true, same('a\0b')],
  ['other after a NUL', false, { password: 'a\0b', pepper: '', typed: 'a\0c' }],
  ['nothing after a NUL', false, { password: 'a\0b', pepper: '', typed: 'a' }],
  ['half of a surrogate pair', false, { password: '?', pepper: '', typed: '\ud83e' }],
  ['prefix 2a', true, edited(1, 3, '2a')],
  ['prefix 2x', true, edited(1, 3, '2x')],
  ['prefix 2y', true, edited(1, 3, '2y')],
  ['prefix 2', false, edited(1, 3, '2')],
  ['prefix 2z', false, edited(1, 3, '2z')],
  ['cost of one digit', false, edited(4, 6, '4')],
  ['cost 3', false, edited(4, 6, '03')],
  ['cost 32', false, edited(4, 6, '32')],
  ['another cost', false, edited(4, 6, '05')],
  ['no hash', false, edited(0, 60, '')],
  ['cut short', false, edited(59, 60, '')],
  ['a character more', false, edited(60, 60, 'a')],
  ['a line break at its end', false, edited(60, 60, '\n')],
  ['salt with a sign that is none of its alphabet', false, edited(10, 11, '!')],
  ['salt with a letter outside ASCII', false, edited(10, 11, 'é')],
  ['NUL in the hash', false, edited(40, 41, '\0')],
]

/** What NFKC changes, what is long in UTF-8, what C and Java end or break at; nothing younger than Unicode 13. */
const RANGES = [
  [0x00, 0x52f],
  [0x1100, 0x11ff],
  [0x1e00, 0x1eff],
  [0x2460, 0x24ff],
  [0xac00, 0xd7a3],
  [0xd800, 0xdfff],
  [0xf900, 0xfa6d],
  [0xff01, 0xffbe],
  [0x1d400, 0x1d7ff],
  [0x1f300, 0x1f5ff],
] as const

const character = fc
  .oneof(...RANGES.map(([min, max]) => fc.integer({ min, max })))
  .map((code) => String.fromCodePoint(code))
const ascii = fc.string({ unit: 'binary-ascii' })
const odd = fc.string({ unit: character, maxLength: 12 })
const long = fc.tuple(fc.integer({ min: 60, max: 80 }), odd).map(([length, end]) => `${'x'.repeat(length)}${end}`)
const password = fc.oneof(ascii, odd, long)
const wellFormed = password.map((text) => text.toWellFormed())

const typedFor = (given: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(given) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom<'NFC' | 'NFD' | 'NFKC' | 'NFKD'>('NFC', 'NFD', 'NFKC', 'NFKD')
        .map((form) => given.normalize(form)),
    },
    { weight: 1, arbitrary: character.map((more) => `${given}${more}`) },
    { weight: 1, arbitrary: fc.constant(given.slice(0, -1)) },
    { weight: 1, arbitrary: password },
  )

const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const edit = fc
  .record({
    from: fc.oneof(fc.constantFrom(2, 28, 59), fc.nat(60)),
    length: fc.nat(2),
    text: fc.string({ unit: fc.constantFrom(...BCRYPT_ALPHABET, '$', '2', 'b', '\n'), maxLength: 2 }),
  })
  .map(({ from, length, text }) => ({ from, to: from + length, text }))

/** The hash is edited in one of five. Synapse hashes no password that is not Unicode; one that is typed may be anything. */
export const passwordCase: fc.Arbitrary<PasswordCase> = fc
  .record({ password: wellFormed, pepper: fc.oneof(fc.constant(''), wellFormed) })
  .chain(({ password: given, pepper }) =>
    fc.tuple(typedFor(given), fc.option(edit, { nil: undefined, freq: 4 })).map(([typed, change]) => ({
      password: given,
      pepper,
      typed,
      ...(change === undefined ? {} : { edit: change }),
    })),
  )
