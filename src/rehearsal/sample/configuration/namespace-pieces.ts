import type { Chunks } from '../mask/localparts.ts'
import { maskedClass } from './masked-class.ts'
import { numberedLetter, type WrittenLetter } from './written-letters.ts'

/** A piece of a namespace's regular expression: letters that stand for themselves, or what is a sign of the expression. */
export interface NamespacePiece {
  /**
   * localpart, server: letters of that part of the Matrix id. class: of characters. group: with a name, or pointing back at one.
   * unknown: what only Python understands. sign: copied as it is.
   */
  readonly of: 'localpart' | 'server' | 'class' | 'group' | 'unknown' | 'sign'
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
const namespacePieces = (regex: string): readonly NamespacePiece[] => {
  const pieces: NamespacePiece[] = []
  let rest = regex
  let part: 'localpart' | 'server' = 'localpart'
  let letters = { text: '', written: '' }
  const flush = (): void => {
    if (letters.text !== '') pieces.push({ of: part, ...letters })
    letters = { text: '', written: '' }
  }
  while (rest !== '') {
    const numbered = numberedLetter(rest)
    const sign = numbered === undefined ? signOf(rest) : colon(numbered)
    if (sign !== undefined) {
      flush()
      pieces.push(sign)
      if (sign.text === ':') part = 'server'
      rest = rest.slice(sign.written.length)
      continue
    }
    const written = numbered?.written ?? /^\\?./su.exec(rest)?.[0] ?? rest
    letters = { text: letters.text + (numbered?.text ?? written.slice(-1)), written: letters.written + written }
    rest = rest.slice(written.length)
  }
  flush()
  return pieces
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
const WORD = /[\p{L}\p{N}]/u

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

/** The same expression over masked Matrix ids. */
export const maskedNamespace = (
  regex: string,
  { chunk, label, top }: Record<'chunk' | 'label' | 'top', (text: string) => string>,
  serverName: string,
): string => {
  const last = serverName.replace(/:\d+$/u, '').split('.').at(-1)
  const host = (text: string): string =>
    text
      .split('.')
      .map((part) => (part === last && serverName.includes('.') ? top(part) : /^\d*$/u.test(part) ? part : label(part)))
      .join('.')
  const masked = (text: string, of: 'localpart' | 'server'): string =>
    escaped(of === 'localpart' ? chunk(text) : host(text))
  const pieces = namespacePieces(regex)
  const group = groupNumbers()
  if (pieces.some(({ of }) => of === 'unknown')) return coarser(pieces, masked)
  return pieces
    .map(({ of, text, written }) => {
      if (of === 'class') return maskedClass(written, chunk)
      if (of === 'group') return group(written)
      if (of !== 'localpart' && of !== 'server') return signed(text, written)
      return WORD.test(text) ? masked(text, of) : written
    })
    .join('')
}

/** Names of groups tell what a bridge is called. */
const groupNumbers = (): ((written: string) => string) => {
  const names: string[] = []
  return (written) =>
    written.replace(/\w+(?=[>)])/u, (name) => {
      if (!names.includes(name)) names.push(name)
      return `group${names.indexOf(name) + 1}`
    })
}

/** Comments say nothing to a program, and a colon is written as one. */
const signed = (text: string, written: string): string =>
  written.startsWith('(?#') ? '' : /^\\[^:@]/u.test(written) && /^[:@]$/u.test(text) ? text : written

/** The letters alone, in their order, with anything between them: as near as it comes without a sign that is not understood. */
const coarser = (
  pieces: readonly NamespacePiece[],
  masked: (text: string, of: 'localpart' | 'server') => string,
): string => {
  const texts = pieces.flatMap(({ of, text }) =>
    (of === 'localpart' || of === 'server') && WORD.test(text) ? [masked(text, of)] : [],
  )
  return `@${['', ...texts, ''].join('.*')}`
}

const escaped = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/gu, String.raw`\$&`)

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
