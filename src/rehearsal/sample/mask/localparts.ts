import { type Aliases, type AliasOptions, aliases } from './aliases.ts'
import { inSmallLetters, withCapitalsOf } from './capitals.ts'
import { redraw } from './redraw.ts'

/** Beginnings, ends and middles of names that namespaces of bridges go by. */
export interface Chunks {
  readonly beginnings: readonly string[]
  readonly ends: readonly string[]
  readonly middles: readonly string[]
}

export interface LocalpartOptions extends Pick<AliasOptions, 'draws' | 'seen' | 'remembers' | 'gaveUp'> {
  readonly chunks: Chunks
  /** Whether another localpart is in the same namespaces. */
  readonly fits: (localpart: string, other: string) => boolean
}

export interface Localparts extends Aliases {
  /** Of a piece of names that namespaces go by. */
  chunk(text: string): string
}

interface Piece {
  readonly text: string
  readonly isChunk: boolean
}

/**
 * Other names for people. A colon stays where it is, and what stands before it gets the name that it has alone: Synapse cuts there. What a
 * bridge's namespace begins with is the same in all names.
 */
export const maskedLocalparts = ({ draws, seen, remembers, gaveUp, chunks, fits }: LocalpartOptions): Localparts => {
  const folded = foldedChunks(chunks)
  const pieces = aliases({
    purpose: 'chunk',
    draws,
    seen,
    gaveUp,
    fold: inSmallLetters,
    dress: withCapitalsOf,
    remembers: 'all',
  })
  const names = aliases({
    purpose: 'localpart',
    draws,
    seen,
    remembers,
    gaveUp,
    fits,
    fold: inSmallLetters,
    dress: withCapitalsOf,
    shape: (text, attempt, liberty) => {
      const each = draws('localpart', text, attempt)
      const parts = cut(text, folded)
      const last = parts.findLastIndex(({ isChunk }) => !isChunk)
      return parts
        .map((part, index) =>
          part.isChunk
            ? pieces.of(part.text)
            : redraw(part.text, each, index === last || typeof liberty !== 'number' ? liberty : 'signs'),
        )
        .join('')
    },
  })
  const parts = (localpart: string): readonly string[] => localpart.split(':')
  return {
    chunk: (text) => pieces.of(text),
    learn: (localpart) => {
      for (const part of parts(localpart)) names.learn(part)
    },
    of: (localpart) =>
      parts(localpart)
        .map((part) => names.of(part))
        .join(':'),
  }
}

/** Names are cut in small letters, whatever the capitals of a namespace: these are put on again. */
const foldedChunks = ({ beginnings, ends, middles }: Chunks): Chunks => ({
  beginnings: [...new Set(beginnings.map(inSmallLetters))],
  ends: [...new Set(ends.map(inSmallLetters))],
  middles: [...new Set(middles.map(inSmallLetters))],
})

const cut = (text: string, { beginnings, ends, middles }: Chunks): readonly Piece[] => {
  const beginning = longest(beginnings.filter((each) => text.startsWith(each)))
  const rest = text.slice(beginning.length)
  const end = longest(ends.filter((each) => rest.endsWith(each) && rest.length > each.length))
  const middle = rest.slice(0, rest.length - end.length)
  return [...chunk(beginning), ...cutMiddle(middle, middles), ...chunk(end)]
}

const cutMiddle = (text: string, middles: readonly string[]): readonly Piece[] => {
  const found = middles.find((each) => text.includes(each) && text !== each)
  if (found === undefined) return [{ text, isChunk: false }]
  const at = text.indexOf(found)
  return [
    ...(at === 0 ? [] : [{ text: text.slice(0, at), isChunk: false }]),
    { text: found, isChunk: true },
    ...(at + found.length === text.length ? [] : cutMiddle(text.slice(at + found.length), middles)),
  ]
}

const chunk = (text: string): readonly Piece[] => (text === '' ? [] : [{ text, isChunk: true }])

const longest = (texts: readonly string[]): string => texts.reduce((a, b) => (b.length > a.length ? b : a), '')
