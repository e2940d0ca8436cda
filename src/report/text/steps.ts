import type { Role } from '../../terminal/colour.ts'
import { formatDuration } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { RehearsalDocument, RehearsalStep } from '../rehearsal-document.ts'
import { judgedSteps, STEP_RESULTS } from '../rehearsal-words.ts'
import type { TextView } from './section.ts'

const ROLES: Readonly<Record<RehearsalStep['outcome'], Role>> = { ok: 'good', failed: 'bad', skipped: 'quiet' }

const COLUMNS: readonly Column[] = [
  { title: 'Step', align: 'left' },
  { title: 'Time', align: 'right' },
  { title: '', align: 'left' },
]

const WHY: Column = { title: '', align: 'left', fit: 'wrap' }

/** The steps of a rehearsal, and why one failed or was left out. */
export const renderSteps = (document: RehearsalDocument, view: TextView): readonly string[] => {
  const steps = judgedSteps(document)
  const explained = steps.some(({ why }) => why !== undefined)
  const rows = steps.map(({ step, milliseconds, outcome, why }) => [
    visible(step),
    outcome === 'skipped' ? '' : formatDuration(milliseconds),
    view.paint(ROLES[outcome], STEP_RESULTS[outcome]),
    ...(explained ? [visible(why ?? '')] : []),
  ])
  return [renderTable(explained ? [...COLUMNS, WHY] : COLUMNS, rows, view)]
}
