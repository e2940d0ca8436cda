/**
 * What a terminal or a browser would obey instead of show: C0 and C1 controls, and the marks that turn the direction of
 * text (Unicode UAX #9, property Bidi_Control), with which a user name could repaint a screen or read backwards.
 */
const COMMANDS = /\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/gu

const LONE_SURROGATES = /\p{Surrogate}/gu

const escapeOf = (character: string): string => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

/** A text from outside on one line, with nothing in it that a terminal obeys: those characters become `\u001b` and the like. */
export const visible = (text: string): string =>
  text
    .replace(/\r?\n|\t/gu, ' ')
    .replace(COMMANDS, escapeOf)
    .replace(LONE_SURROGATES, escapeOf)

/** The same for a text of several lines, such as SQL to type. */
export const visibleLines = (text: string): readonly string[] => text.split(/\r?\n/u).map((line) => visible(line))
