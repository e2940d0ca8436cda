import { formatBytes, formatDuration, formatInteger, formatRate } from '../../../terminal/numbers.ts'
import type { RunDocument } from '../../documents.ts'
import { phasesOverlap, totalWritten } from '../../totals.ts'
import { type Html, html } from '../escape.ts'
import { timeline } from '../plots/timeline.ts'
import { type Heading, row, table, tableName } from '../table.ts'

const TABLE_HEADINGS: readonly Heading[] = [
  { title: 'Table', kind: 'words' },
  { title: 'Rows', kind: 'number' },
  { title: 'Size', kind: 'number', on: 'wide' },
  { title: 'Time', kind: 'number' },
  { title: 'Rate', kind: 'number', on: 'wide' },
]

/** What each table of the target got, and how fast. */
export const tablesSection = ({ target, tables }: RunDocument): Html => {
  if (tables.length === 0) return html``
  const total = totalWritten(tables)
  const rows = tables.map((each) =>
    row(TABLE_HEADINGS, [
      tableName(each.table),
      formatInteger(each.rows),
      formatBytes(each.bytes),
      formatDuration(each.milliseconds),
      formatRate(each.rows, each.milliseconds),
    ]),
  )
  return html`<section><h2>What ${target.product} got</h2>${table({
    caption: 'Tables are filled side by side, so their times overlap.',
    headings: TABLE_HEADINGS,
    body: html`<tbody class="rows">${rows}</tbody>`,
    foot: row(TABLE_HEADINGS, ['In all', formatInteger(total.rows), formatBytes(total.bytes), '', '']),
  })}</section>`
}

/** Where a run's time went. */
export const phasesSection = (run: RunDocument): Html =>
  run.phases.length === 0
    ? html``
    : html`<section><h2>Where the time went</h2>${timeline({
        caption: `${formatDuration(run.milliseconds)} from start to end.${phasesOverlap(run) ? ' Phases overlap, so their times add up to more.' : ''}`,
        first: 'Phase',
        pieces: run.phases.map(({ phase, milliseconds }) => ({ name: phase, milliseconds })),
      })}<p class="quiet">Peak memory of syn2op: ${formatBytes(run.peakMemory)}.</p></section>`
