import { formatDuration } from '../../../terminal/numbers.ts'
import { timeBar } from '../charts.ts'
import { type Html, html } from '../escape.ts'
import { type Heading, row, table } from '../table.ts'

/** One thing after another: how long, and how it ended where that is known. */
export interface Piece {
  readonly name: string
  readonly milliseconds: number
  readonly state?: Html
  /** It took no time, since nothing was done. */
  readonly isLeftOut?: true
}

export interface Timeline {
  readonly caption: string
  /** What the pieces are. */
  readonly first: string
  readonly pieces: readonly Piece[]
}

/** Pieces of time, each in its place among all. Those that went on side by side are drawn one after the other. */
export const timeline = ({ caption, first, pieces }: Timeline): Html => {
  const whole = pieces.reduce((sum, piece) => sum + piece.milliseconds, 0)
  const hasStates = pieces.some((piece) => piece.state !== undefined)
  const headings: readonly Heading[] = [
    { title: first, kind: 'words' },
    ...(hasStates ? [{ title: 'Result', kind: 'words' } as const] : []),
    { title: 'When', kind: 'bar' },
    { title: 'Time', kind: 'number' },
  ]
  let before = 0
  const rows = pieces.map((piece) => {
    const bar = timeBar(before, piece.milliseconds, whole)
    before += piece.milliseconds
    return row(headings, [
      piece.name,
      ...(hasStates ? [piece.state ?? ''] : []),
      ...(piece.isLeftOut === true ? ['', ''] : [bar, formatDuration(piece.milliseconds)]),
    ])
  })
  return table({ caption, headings, body: html`<tbody class="rows">${rows}</tbody>`, kind: 'timeline' })
}
