import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Marks that stand above, below or around a character; without U+FE0F, which makes an emoji of one. */
const MARKS = /(?!\ufe0f)[\p{Mn}\p{Me}]/gu

/** What people see as one character is two columns wide at most, however many code points make it. */
const graphemeWidth = (grapheme: string): number => Math.min(2, stringWidth(grapheme.replace(MARKS, '')))

/** Columns that a text takes on a terminal: wide East Asian characters count 2, combining marks and colours 0. */
export const textWidth = (text: string): number => {
  const shown = stripVTControlCharacters(text)
  if (/^[\u0020-\u007e]*$/u.test(shown)) return shown.length
  return [...GRAPHEMES.segment(shown)].reduce((width, { segment }) => width + graphemeWidth(segment), 0)
}

/** Pads with spaces to a width in columns; longer texts stay as they are. */
export const pad = (text: string, width: number, side: 'left' | 'right'): string => {
  const missing = ' '.repeat(Math.max(0, width - textWidth(text)))
  return side === 'left' ? missing + text : text + missing
}

/** Cuts a word that is too long for a line, between what people see as characters. */
const cutWord = (word: string, width: number): readonly string[] => {
  const pieces: string[] = []
  let piece = ''
  for (const { segment } of GRAPHEMES.segment(word)) {
    if (piece !== '' && textWidth(piece + segment) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += segment
  }
  return piece === '' ? pieces : [...pieces, piece]
}

/** Where a long name may be broken so that its parts are still read: behind these, but not between two of them; and before a port or a line. */
const JOINTS = /(?<=[./_,])(?![./_,])|(?=:[^/])/u

/** Breaks a word that is too long for a line: between its parts, and through a part that has no room by itself. */
const breakWord = (word: string, width: number): readonly string[] => {
  const pieces: string[] = []
  let piece = ''
  for (const part of word.split(JOINTS)) {
    if (textWidth(piece + part) <= width) {
      piece += part
      continue
    }
    if (piece !== '') pieces.push(piece)
    const cut = cutWord(part, width)
    pieces.push(...cut.slice(0, -1))
    piece = cut.at(-1) ?? ''
  }
  return [...pieces, piece]
}

/**
 * Breaks a text between words into lines of at most `width` columns (at least 2, for one wide character); a word is broken
 * only where it has no room on a line of its own.
 */
export const wrap = (text: string, width: number): readonly string[] => {
  const limit = Math.max(2, width)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/u).filter((each) => each !== '')) {
    const candidate = line === '' ? word : `${line} ${word}`
    if (textWidth(candidate) <= limit) {
      line = candidate
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = breakWord(word, limit)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line]
}

/** Shortens a text to a width in columns, with an ellipsis where something is missing. */
export const truncate = (text: string, width: number): string => {
  if (textWidth(text) <= width) return text
  if (width <= 1) return width === 1 ? '…' : ''
  return `${cutWord(text, width - 1)[0] ?? ''}…`
}

/** Wraps a text with a margin: the first line may begin with something else than the others. */
export const indented = (text: string, width: number, margin: string, first: string = margin): string =>
  wrap(text, width - Math.max(textWidth(margin), textWidth(first)))
    .map((line, index) => (index === 0 ? first : margin) + line)
    .join('\n')
