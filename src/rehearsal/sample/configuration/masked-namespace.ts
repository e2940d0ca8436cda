import type { Masker } from '../mask/masker.ts'
import { maskedClass } from './masked-class.ts'
import { maskedLabels } from './masked-labels.ts'
import { type NamespacePiece, namespacePieces, WORD } from './namespace-pieces.ts'

/** What puts other texts into an expression. */
export interface NamespaceMasker {
  readonly localparts: Pick<Masker['localparts'], 'chunk'>
  readonly servers: Masker['servers']
}

/** The same expression over masked Matrix ids. */
export const maskedNamespace = (
  regex: string,
  { localparts, servers }: NamespaceMasker,
  serverName: string,
): string => {
  const pieces = namespacePieces(regex, serverName)
  const masked = ({ of, text, written }: NamespacePiece, index: number): string | undefined => {
    if (of === 'host') return escaped(servers.of(text))
    if (of !== 'localpart' && of !== 'server' && of !== 'port') return undefined
    if (!WORD.test(text)) return written
    if (of === 'localpart') return escaped(localparts.chunk(text))
    const [before, after] = [pieces[index - 1], pieces[index + 1]]
    // What stands after a second colon may be of an address that has several.
    if (of === 'port' && /^\d{1,5}$/u.test(text) && before?.text !== '.' && !/^[.:]$/u.test(after?.text ?? ''))
      return written
    const isLabel = (piece: NamespacePiece | undefined): boolean => piece?.of === 'server' || piece?.of === 'port'
    return escaped(
      maskedLabels(text, {
        servers,
        serverName,
        begins: before?.text === ':',
        follows: before?.text === '.' && isLabel(pieces[index - 2]),
        isFollowed: after?.text === '.' && isLabel(pieces[index + 2]),
      }),
    )
  }
  const group = groupNumbers()
  if (pieces.some(({ of }) => of === 'unknown')) return coarser(pieces, masked)
  return pieces
    .map((piece, index) => {
      const { of, text, written } = piece
      if (of === 'class') return maskedClass(written, localparts.chunk)
      if (of === 'group') return group(written)
      return masked(piece, index) ?? signed(text, written)
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
  masked: (piece: NamespacePiece, index: number) => string | undefined,
): string => {
  const texts = pieces.flatMap((piece, index) => (WORD.test(piece.text) ? (masked(piece, index) ?? []) : []))
  return `@${['', ...texts, ''].join('.*')}`
}

const escaped = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/gu, String.raw`\$&`)
