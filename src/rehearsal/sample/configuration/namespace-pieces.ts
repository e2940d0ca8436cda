import type { Chunks } from '../mask/localparts.ts'
import { ownHost } from './masked-labels.ts'
import { numberedLetter, type WrittenLetter } from './written-letters.ts'

/** Parts of a Matrix id, in their order. */
type Part = 'localpart' | 'server' | 'port'

/** A piece of a namespace's regular expression: letters that stand for themselves, or what is a sign of the expression. */
export interface NamespacePiece {
  /**
   * localpart, server, port: letters of that part of the Matrix id. host: the homeserver's own, as a whole. class: of characters. group:
   * with a name, or pointing back at one. unknown: what only Python understands. sign: copied as it is.
   */
  readonly of: Part | 'host' | 'class' | 'group' | 'unknown' | 'sign'
  /** What it stands for. */
  readonly text: string
  /** As the expression writes it. */
  readonly written: string
}

/** What stands for more than itself, and what is written after it. */
const SIGNS: readonly (readonly [NamespacePiece['of'], RegExp])[] = [
  ['class', /^\[\^?\]?(?:\\.|[^\]\\])*\]/su],
  ['group', /^\(\?P(?:<\w+>|=\w+\))/u],
  ['sign', /^(?:\(\?[aiLmsux]+\)|\(\?(?:<?[=!]|[aiLmsux-]*:|>|#[^)]*\)))/u],
  ['unknown', /^(?:\(\?|\\N\{[^}]*\}|\[)/u],
  ['sign', /^(?:\\[dDsSwWbBAZnrtfva@:]|\\[1-9][0-9]?|[()]|[|^$.*+?]|\{[\d,]*\}|[@:])/u],
]

/** Cuts an expression over Matrix ids into its pieces. */
export const namespacePieces = (regex: string, serverName?: string): readonly NamespacePiece[] => {
  const pieces: NamespacePiece[] = []
  const host = serverName === undefined ? () => undefined : ownHost(serverName)
  const parts = partsOfIds()
  let rest = regex
  let letters = { text: '', written: '' }
  const flush = (): void => {
    if (letters.text !== '') pieces.push({ of: parts.now(), ...letters })
    letters = { text: '', written: '' }
  }
  const push = (piece: NamespacePiece): void => {
    flush()
    pieces.push(piece)
    parts.see(piece)
    rest = rest.slice(piece.written.length)
  }
  while (rest !== '') {
    const own = parts.now() === 'server' && letters.text === '' ? host(rest) : undefined
    const numbered = numberedLetter(rest)
    const sign = own ?? (numbered === undefined ? signOf(rest) : colon(numbered))
    if (sign !== undefined) {
      push(sign)
      continue
    }
    const written = numbered?.written ?? /^\\?./su.exec(rest)?.[0] ?? rest
    letters = { text: letters.text + (numbered?.text ?? written.slice(-1)), written: letters.written + written }
    rest = rest.slice(written.length)
  }
  flush()
  return pieces
}

/** Follows which part of a Matrix id an expression speaks of: each alternative begins where its group does. */
const partsOfIds = (): { now(): Part; see(sign: NamespacePiece): void } => {
  let now: Part = 'localpart'
  const groups: { readonly at: Part; readonly looks: boolean }[] = []
  return {
    now: () => now,
    see: ({ of, text, written }) => {
      if (of === 'host' || of === 'class') return
      if (text === ':') now = now === 'localpart' ? 'server' : 'port'
      else if (/^\\?@$/u.test(text)) now = 'localpart'
      else if (text === '|') now = groups.at(-1)?.at ?? 'localpart'
      else if (text === ')') {
        const group = groups.pop()
        if (group?.looks === true) now = group.at
      } else if (written.startsWith('(') && !written.endsWith(')')) {
        groups.push({ at: now, looks: /^\(\?<?[=!]/u.test(written) })
      }
    },
  }
}

const signOf = (rest: string): NamespacePiece | undefined => {
  for (const [of, pattern] of SIGNS) {
    const written = pattern.exec(rest)?.[0]
    if (written !== undefined) return { of, text: written === '\\:' ? ':' : written, written }
  }
  return undefined
}

const colon = (letter: WrittenLetter): NamespacePiece | undefined =>
  letter.text === ':' || letter.text === '@' ? { of: 'sign', ...letter } : undefined

/** Signs alone tell nothing of anybody, and stay. */
export const WORD = /[\p{L}\p{N}]/u

/** So short a piece in the midst of names is no sign of a bridge. */
const SHORTEST_MIDDLE = 3

/** By which pieces of names the namespaces go. */
export const chunksOf = (regexes: readonly string[], beginnings: readonly string[]): Chunks => {
  const found = regexes.flatMap((regex) => {
    const pieces = namespacePieces(regex)
    return pieces.flatMap(({ of, text }, index) =>
      of === 'localpart' && WORD.test(text)
        ? [{ text, isLast: pieces[index + 1] === undefined || pieces[index + 1]?.text === ':' }]
        : [],
    )
  })
  const texts = [...new Set(found.map(({ text }) => text))]
  return {
    beginnings: [...new Set([...texts, ...beginnings])],
    ends: [...new Set(found.flatMap(({ text, isLast }) => (isLast ? [text] : [])))],
    middles: texts.filter((text) => text.length >= SHORTEST_MIDDLE).toSorted((a, b) => b.length - a.length),
  }
}

/** Whether a Matrix id is in a namespace, as Synapse has it; undefined where the expression cannot be read here. */
export const isInNamespace = (regex: string): ((mxid: string) => boolean) | undefined => {
  const [, flags = '', rest = regex] = /^\(\?([iu]+)\)(.*)$/su.exec(regex) ?? []
  try {
    const pattern = new RegExp(`^(?:${inJavaScript(rest)})`, flags.includes('i') ? 'is' : 's')
    return (mxid) => pattern.test(mxid)
  } catch {
    return undefined
  }
}

const inJavaScript = (regex: string): string =>
  regex.replaceAll('(?P<', '(?<').replaceAll(/\(\?P=(\w+)\)/gu, String.raw`\k<$1>`)
