import type { Chunks } from '../mask/localparts.ts'

/** A piece of a namespace's regular expression: letters that stand for themselves, or what is a sign of the expression. */
export interface NamespacePiece {
  /** localpart, server: letters of that part of the Matrix id. sign: copied as it is. */
  readonly of: 'localpart' | 'server' | 'sign'
  /** What it stands for. */
  readonly text: string
  /** As the expression writes it. */
  readonly written: string
}

/** What stands for more than itself, and what is written after it. */
const SIGN =
  /^(?:\\[dDsSwWbBAZnrtfva]|\\[0-9]+|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[aiLmsux]+\)|\(\?P<\w+>|\(\?(?:<?[=!:]|:)|\(|\)|[|^$.*+?]|\{[\d,]*\}|[@:])/isu

/** Cuts an expression over Matrix ids into its pieces. */
export const namespacePieces = (regex: string): readonly NamespacePiece[] => {
  const pieces: NamespacePiece[] = []
  let rest = regex
  let part: 'localpart' | 'server' = 'localpart'
  let letters = { text: '', written: '' }
  const flush = (): void => {
    if (letters.text !== '') pieces.push({ of: part, ...letters })
    letters = { text: '', written: '' }
  }
  while (rest !== '') {
    const sign = SIGN.exec(rest)?.[0]
    if (sign !== undefined) {
      flush()
      pieces.push({ of: 'sign', text: sign, written: sign })
      if (sign === ':') part = 'server'
      rest = rest.slice(sign.length)
      continue
    }
    const written = /^\\?./su.exec(rest)?.[0] ?? rest
    letters = { text: letters.text + written.slice(-1), written: letters.written + written }
    rest = rest.slice(written.length)
  }
  flush()
  return pieces
}

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
  return namespacePieces(regex)
    .map(({ of, text, written }) =>
      of === 'sign' || !WORD.test(text) ? written : escaped(of === 'localpart' ? chunk(text) : host(text)),
    )
    .join('')
}

const escaped = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/gu, String.raw`\$&`)

/** Whether a Matrix id is in a namespace, as Synapse has it; undefined where the expression cannot be read here. */
export const isInNamespace = (regex: string): ((mxid: string) => boolean) | undefined => {
  const [, flags = '', rest = regex] = /^\(\?([iu]+)\)(.*)$/su.exec(regex) ?? []
  try {
    const pattern = new RegExp(`^(?:${rest.replaceAll('(?P<', '(?<')})`, flags.includes('i') ? 'is' : 's')
    return (mxid) => pattern.test(mxid)
  } catch {
    return undefined
  }
}
