import { RELATION_NAMES } from '../../../accounts/relations.ts'
import { formatDuration, formatInteger } from '../../../terminal/numbers.ts'
import type { RelationCount, TableResult } from '../../documents.ts'
import { leftOf, timeOf, totalRows } from '../../totals.ts'
import { reasonText } from '../../words.ts'
import { shareBar, shareKey } from '../charts.ts'
import { type Html, html } from '../escape.ts'
import { flowPlot } from '../plots/flow-plot.ts'
import { type Heading, row, table } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  { title: 'What', kind: 'words' },
  { title: 'Read', kind: 'number' },
  { title: 'Carried', kind: 'number' },
  { title: 'Left', kind: 'number' },
  { title: 'Share', kind: 'bar' },
]
const TIME: Heading = { title: 'Time', kind: 'number', on: 'wide' }

interface Results {
  readonly title: string
  readonly relations: readonly RelationCount[]
  /** The target's product. */
  readonly product: string
  /** A plan has no times yet. */
  readonly tables?: readonly TableResult[]
}

const group = (count: RelationCount, headings: readonly Heading[], time: readonly string[]): Html => {
  const cells = [
    RELATION_NAMES[count.relation].many,
    formatInteger(count.read),
    formatInteger(count.carried),
    formatInteger(leftOf(count)),
    shareBar(count.carried, count.read),
    ...time,
  ]
  const reasons = count.left.map(
    ({ reason, count: rows }) =>
      html`<tr class="reason"><th scope="row" colspan="3">${reasonText(reason)}</th><td class="n">${formatInteger(rows)}</td><td class="bar"></td>${time.map(() => html`<td class="n wide"></td>`)}</tr>`,
  )
  return html`<tbody class="group">${row(headings, cells)}${reasons}</tbody>`
}

/** What was read, carried and left, and why: one group a relation, one row a reason. */
export const resultsSection = ({ title, relations, tables, product }: Results): Html => {
  if (relations.length === 0) return html``
  const headings = tables === undefined ? HEADINGS : [...HEADINGS, TIME]
  const timed = (count: RelationCount): readonly string[] => {
    if (tables === undefined) return []
    const time = timeOf(tables, count.relation)
    return [time === undefined ? '' : formatDuration(time)]
  }
  const total = totalRows(relations)
  const sums = ['In all', formatInteger(total.read), formatInteger(total.carried), formatInteger(total.left), '']
  return html`<section><h2>${title}</h2>${flowPlot({ relations, tables: tables ?? [], product })}${table({
    caption: 'Every row that was read is either carried or left for a reason.',
    headings,
    body: html`${relations.map((count) => group(count, headings, timed(count)))}`,
    foot: row(headings, tables === undefined ? sums : [...sums, '']),
    kind: 'results',
  })}${shareKey}</section>`
}
