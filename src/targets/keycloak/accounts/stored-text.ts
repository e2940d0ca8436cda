import { LONGEST_ATTRIBUTE } from './profile-rules.ts'

/**
 * A text as Keycloak gives it back: NUL is answered with 500, half a character becomes another, more than 2,048 characters are
 * refused by the next PUT.
 * @returns undefined for what is blank: a PUT takes it away.
 */
export const storedText = (text: string): string | undefined => {
  const clean = text.replaceAll('\0', '').toWellFormed()
  const cut = clean.length <= LONGEST_ATTRIBUTE ? clean : clean.slice(0, endOfCut(clean))
  return cut.trim() === '' ? undefined : cut
}

/** Not between the two halves of a character. */
const endOfCut = (text: string): number => {
  const next = text.codePointAt(LONGEST_ATTRIBUTE - 1) ?? 0
  return next > 0xff_ff ? LONGEST_ATTRIBUTE - 1 : LONGEST_ATTRIBUTE
}
