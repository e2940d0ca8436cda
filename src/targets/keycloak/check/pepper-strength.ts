/** What stands in the samples of Synapse's documentation, and in others that people copy. */
const SAMPLES: readonly string[] = ['EVEN_MORE_SECRET', 'a_very_secret_pepper', 'YOUR_PEPPER_HERE']

export const isSamplePepper = (pepper: string): boolean => SAMPLES.includes(pepper)

/** Bits: of fewer, a guess a nanosecond finds it out within a lifetime of a few cards. */
export const STRONG_BITS = 70

/** Letters of one case, perhaps behind a capital: most likely a word. */
const WORD = /[A-Z]?[a-z]{3,}|[A-Z]{4,}/gu

/** Of some thousand words that people take; a longer run of letters may be two. */
const BITS_OF_WORD = 13
const LONGEST_WORD = 12

/** What stands between words. */
const SEPARATORS = /[\s_.-]/gu

const CLASSES = [/[a-z]/u, /[A-Z]/u, /\d/u, /[^a-zA-Z\d]/u] as const
const SIGNS_OF_CLASS = [26, 26, 10, 32] as const

/**
 * How many bits whoever tries guesses has to find out, roughly: words are counted as words, everything else by the character,
 * of as many as there are of the kinds that occur. Hexadecimal has 4 bits a digit.
 */
export const pepperBits = (pepper: string): number => {
  if (/^(?:[\da-f]+|[\dA-F]+)$/u.test(pepper)) return 4 * pepper.length * variety(pepper)
  const words = [...pepper.matchAll(WORD)].map(([word]) => word)
  const letters = words.reduce((sum, { length }) => sum + length, 0)
  const inWords = words.reduce((sum, { length }) => sum + BITS_OF_WORD * Math.ceil(length / LONGEST_WORD), 0)
  const separators = words.length === 0 ? 0 : [...pepper.matchAll(SEPARATORS)].length
  const pool = CLASSES.reduce((sum, kind, at) => sum + (kind.test(pepper) ? (SIGNS_OF_CLASS[at] ?? 0) : 0), 0)
  return inWords + separators + (pepper.length - letters - separators) * Math.log2(Math.max(pool, 2)) * variety(pepper)
}

/** 1, or less where a few characters are repeated. */
const variety = (text: string): number => Math.min(1, new Set(text).size / Math.min(text.length, 8))
