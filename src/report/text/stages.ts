import { renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { Stage } from '../run-parts.ts'
import { STAGE_COLUMNS, stageRows } from '../stage-words.ts'
import type { TextView } from './section.ts'

/** How far each cohort has come; nothing where there are none. */
export const renderStages = (stages: readonly Stage[] = [], view: TextView): readonly string[] => {
  if (stages.length === 0) return []
  const [name, members, recorded, state] = STAGE_COLUMNS
  return [
    renderTable(
      [
        { title: name, align: 'left', fit: 'wrap' },
        { title: members, align: 'right' },
        { title: recorded, align: 'right' },
        { title: state, align: 'left' },
      ],
      stageRows(stages).map((row) => row.map(visible)),
      view,
    ),
  ]
}
