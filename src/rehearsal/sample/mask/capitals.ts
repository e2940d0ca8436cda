import { capital, small } from './kinds-of-letters.ts'

/** A text in small letters, letter by letter: as many of them as before. */
export const inSmallLetters = (text: string): string => [...text].map(small).join('')

/** A text with capitals where another one has them. */
export const withCapitalsOf = (text: string, other: string): string => {
  const letters = [...text]
  return [...other].map((letter, index) => (isCapital(letters[index]) ? capital(letter) : letter)).join('')
}

const isCapital = (letter: string | undefined): boolean => letter !== undefined && small(letter) !== letter
