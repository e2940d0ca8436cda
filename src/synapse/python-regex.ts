/** What a regular expression of Python cannot be told to PostgreSQL with. */
class Untranslatable extends Error {}

/** Escapes that mean the same to both. */
const SAME_ESCAPES = 'dDsSwWntrfva'

/** The same place, under PostgreSQL's name. */
const PLACES: Readonly<Record<string, string>> = { b: '\\y', B: '\\Y', A: '\\A', Z: '\\Z' }

/** What PostgreSQL takes for more than itself. */
const SPECIAL = /[\\^$.|?*+()[\]{}]/u

/** PostgreSQL repeats at most so often. */
const MOST = 255

/** Beginnings of groups that mean the same to both, but for the last, which names a group and captures as others do. */
const GROUP = /^\((\?(:|=|!|<=|<!|P<[A-Za-z_]\w*>)|(?!\?))/u

/**
 * A regular expression of Python's, as PostgreSQL's with the same matches. Matched as Synapse does it: from the first
 * character on, wherever it ends.
 * @returns what cannot be translated, where that is so. PostgreSQL says itself whether the rest is one.
 */
export const toPostgresPattern = (pattern: string): string | { readonly fault: string } => {
  const flags = /^\(\?([a-zA-Z]+)\)/u.exec(pattern)
  if (flags !== null && !/^[iu]+$/u.test(flags[1] ?? '')) return { fault: `the flags ${flags[0]}` }
  const ignoresCase = flags?.[1]?.includes('i') === true
  try {
    return `${ignoresCase ? '(?i)' : ''}^(?:${translate(pattern.slice(flags?.[0].length ?? 0))})`
  } catch (error) {
    if (error instanceof Untranslatable) return { fault: error.message }
    throw error
  }
}

const translate = (pattern: string): string => {
  let translated = ''
  let rest = pattern
  let repeats = false
  const take = (length: number, as?: string): void => {
    translated += as ?? rest.slice(0, length)
    rest = rest.slice(length)
    repeats = false
  }
  for (;;) {
    const [first] = rest
    if (first === undefined) return translated
    if (first === '\\') take(...escaped(rest, 'outside'))
    else if (first === '[') take(...bracket(rest))
    else if (rest.startsWith('(?#')) take(...comment(rest))
    else if (first === '(') take(...group(rest))
    else if (isRepetition(rest)) {
      // Python's possessive one: it would match less.
      if (repeats && first === '+') throw new Untranslatable('a repetition that gives nothing back')
      take(...repetition(rest))
      repeats = true
    } else if (first === '{' || first === '}' || first === ']') take(1, `\\${first}`)
    else take(first.length)
  }
}

type Taken = readonly [length: number, as: string]

const escaped = (rest: string, where: 'outside' | 'in brackets'): Taken => {
  const [letter] = rest.slice(1)
  if (letter === undefined) throw new Untranslatable('a \\ at its end')
  if (SAME_ESCAPES.includes(letter)) return [2, `\\${letter}`]
  if (where === 'outside' && Object.hasOwn(PLACES, letter)) return [2, PLACES[letter] ?? '']
  const code = /^\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})/iu.exec(rest)
  if (code !== null) return [code[0].length, `\\U${(code[1] ?? '').slice(1).padStart(8, '0')}`]
  if (where === 'outside' && /^[1-9]$/u.test(letter) && !/^\\\d\d/u.test(rest)) return [2, `\\${letter}`]
  if (/[0-9A-Za-z]/u.test(letter)) throw new Untranslatable(`the escape \\${letter}`)
  return [1 + letter.length, literal(letter, where)]
}

const literal = (letter: string, where: 'outside' | 'in brackets'): string => {
  if (where === 'in brackets') return /[\\\]^[-]/u.test(letter) ? `\\${letter}` : letter
  return SPECIAL.test(letter) ? `\\${letter}` : letter
}

const bracket = (rest: string): Taken => {
  const negated = rest.startsWith('[^')
  let position = negated ? 2 : 1
  let inside = ''
  for (let isFirst = true; ; isFirst = false) {
    const [letter] = rest.slice(position)
    if (letter === undefined) throw new Untranslatable('a [ without its ]')
    if (letter === ']' && !isFirst) return [position + 1, `[${negated ? '^' : ''}${inside}]`]
    if (letter === '\\') {
      const [length, as] = escaped(rest.slice(position), 'in brackets')
      inside += as
      position += length
      continue
    }
    // [:alpha:] and its like are characters to Python.
    inside += letter === '[' || letter === ']' ? `\\${letter}` : letter
    position += letter.length
  }
}

const comment = (rest: string): Taken => {
  const end = rest.indexOf(')')
  if (end === -1) throw new Untranslatable('a comment without its end')
  return [end + 1, '']
}

const group = (rest: string): Taken => {
  const found = GROUP.exec(rest)
  if (found === null) throw new Untranslatable(`a group that begins with ${rest.slice(0, 4)}`)
  return [found[0].length, found[0].startsWith('(?P<') ? '(' : found[0]]
}

/** To Python whatever in braces is no repetition is text. */
const isRepetition = (rest: string): boolean => /^([*+?]|\{(\d+,?\d*|,\d*)\})/u.test(rest)

const repetition = (rest: string): Taken => {
  const found = /^\{(?<least>\d*)(?<comma>,?)(?<most>\d*)\}/u.exec(rest)
  if (found === null) return [1, rest.slice(0, 1)]
  const { least = '', comma = '', most = '' } = found.groups ?? {}
  if (Number(least) > MOST || Number(most) > MOST) throw new Untranslatable(`a repetition beyond ${MOST} times`)
  return [found[0].length, `{${least === '' ? '0' : least}${comma}${most}}`]
}
