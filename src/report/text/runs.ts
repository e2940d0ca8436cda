import { createPaint } from '../../terminal/colour.ts'
import { formatDuration, formatInteger } from '../../terminal/numbers.ts'
import { renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { RunEntry, RunsDocument } from '../runs-document.ts'
import { formatMoment } from '../words.ts'
import { paragraph, type TextOptions, type TextView } from './section.ts'

/** The runs as a table, the newest first. */
export const renderRuns = (document: RunsDocument, { width, colour }: TextOptions): string => {
  const view: TextView = { width, paint: createPaint(colour) }
  const { runs, folder, journal } = document
  const parts = [
    runs.length === 0 ? paragraph(`No run has a record in ${folder}.`, view) : renderRunTable(runs, view),
    ...runs.flatMap(({ runId, error }) =>
      error === undefined ? [] : [paragraph(`${runId}: ${error.message} (${error.code})`, view)],
    ),
    ...(typeof journal === 'object'
      ? [paragraph(`The journal at the target was not read: ${journal.message}`, view)]
      : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** One line a run. */
export const renderRunTable = (runs: readonly RunEntry[], view: TextView): string =>
  renderTable(
    [
      { title: 'Run', align: 'left' },
      { title: 'Kind', align: 'left' },
      { title: 'State', align: 'left' },
      { title: 'Started', align: 'left' },
      { title: 'Took', align: 'right' },
      { title: 'Accounts', align: 'right' },
      { title: 'To', align: 'left', fit: 'wrap' },
    ],
    runs.map(({ runId, kind, cohort, state, paused, startedAt, milliseconds, accounts, target }) =>
      [
        runId,
        [kind ?? '', ...(cohort === undefined ? [] : [cohort])].join(' '),
        paused === undefined ? state : 'paused',
        startedAt === undefined ? '' : formatMoment(startedAt),
        milliseconds === undefined ? '' : formatDuration(milliseconds),
        accounts === undefined ? '' : formatInteger(accounts),
        target ?? 'known from the journal only',
      ].map(visible),
    ),
    view,
  )
