import { formatBytes, formatDuration, formatInteger, formatPercent, formatRate } from '../../terminal/numbers.ts'
import { renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { RunDocument } from '../documents.ts'
import { phasesOverlap, totalWritten } from '../totals.ts'
import type { TextView } from './section.ts'

/** What each table of the target got, and how fast. */
export const renderTables = ({ tables }: RunDocument, { width, paint }: TextView): readonly string[] => {
  if (tables.length === 0) return []
  const total = totalWritten(tables)
  return [
    renderTable(
      [
        { title: 'Table', align: 'left' },
        { title: 'Rows', align: 'right' },
        { title: 'Size', align: 'right' },
        { title: 'Time', align: 'right' },
        { title: 'Rate', align: 'right' },
      ],
      [
        ...tables.map(({ table, rows, bytes, milliseconds }) => [
          visible(table),
          formatInteger(rows),
          formatBytes(bytes),
          formatDuration(milliseconds),
          formatRate(rows, milliseconds),
        ]),
        // Tables are filled side by side, so their times have no sum.
        ['in all', formatInteger(total.rows), formatBytes(total.bytes), '', ''],
      ],
      { width, paint },
    ),
  ]
}

/** Where the time went. */
export const renderPhases = (run: RunDocument, { width, paint }: TextView): readonly string[] => [
  renderTable(
    [
      { title: 'Phase', align: 'left' },
      { title: 'Time', align: 'right' },
      { title: 'Share', align: 'right' },
    ],
    [
      ...run.phases.map(({ phase, milliseconds }) => [
        visible(phase),
        formatDuration(milliseconds),
        formatPercent(milliseconds, run.milliseconds),
      ]),
      ['in all', formatDuration(run.milliseconds), ''],
    ],
    { width, paint },
  ),
  ...(phasesOverlap(run) ? [paint('quiet', 'Phases overlap, so their times add up to more.')] : []),
  paint('quiet', `Peak memory of syn2op: ${formatBytes(run.peakMemory)}.`),
]
