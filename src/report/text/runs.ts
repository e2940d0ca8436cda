import { createPaint } from '../../terminal/colour.ts'
import { formatDuration, formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
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

/** One line a run; the target that all of them share is told once below, and takes no column. */
export const renderRunTable = (runs: readonly RunEntry[], view: TextView): string => {
  const [common, ...others] = new Set(runs.map(({ target }) => target))
  if (common === undefined || others.length > 0) return table(runs, [...COLUMNS, TARGET], view)
  return [table(runs, COLUMNS, view), '', paragraph(`To ${visible(common)}.`, view)].join('\n')
}

interface RunColumn extends Column {
  readonly of: (run: RunEntry) => string
}

const COLUMNS: readonly RunColumn[] = [
  { title: 'Run', align: 'left', of: ({ runId }) => runId },
  {
    title: 'Kind',
    align: 'left',
    of: ({ kind, cohort }) => [kind ?? '', ...(cohort === undefined ? [] : [cohort])].join(' '),
  },
  { title: 'State', align: 'left', of: ({ state, paused }) => (paused === undefined ? state : 'paused') },
  {
    title: 'Started',
    align: 'left',
    of: ({ startedAt }) => (startedAt === undefined ? '' : formatMoment(startedAt)),
  },
  {
    title: 'Took',
    align: 'right',
    of: ({ milliseconds }) => (milliseconds === undefined ? '' : formatDuration(milliseconds)),
  },
  {
    title: 'Accounts',
    align: 'right',
    of: ({ accounts, done }) => accountsText(accounts, done),
  },
]

const accountsText = (accounts: number | undefined, done: number | undefined): string => {
  if (done === undefined) return accounts === undefined ? '' : formatInteger(accounts)
  return accounts === undefined ? formatInteger(done) : `${formatInteger(done)} of ${formatInteger(accounts)}`
}

const TARGET: RunColumn = {
  title: 'To',
  align: 'left',
  fit: 'wrap',
  of: ({ target, record }) => target ?? (record === 'journal' ? 'known from the journal only' : ''),
}

const table = (runs: readonly RunEntry[], columns: readonly RunColumn[], view: TextView): string =>
  renderTable(
    columns,
    runs.map((run) => columns.map(({ of }) => visible(of(run)))),
    view,
  )
