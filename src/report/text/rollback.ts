import { formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { RollbackDocument } from '../rollback-document.ts'
import { paragraph, type TextView } from './section.ts'

const COLUMNS: readonly Column[] = [
  { title: '', align: 'left', fit: 'wrap' },
  { title: 'Removed', align: 'right' },
  { title: 'As before', align: 'right' },
  { title: 'Ended', align: 'right' },
  { title: 'As is', align: 'right' },
  { title: 'Changed since', align: 'right' },
]

/** Rows by table: what becomes of them. */
export const renderRollbackTables = ({ tables }: RollbackDocument, view: TextView): readonly string[] => {
  if (tables.length === 0) return []
  const rows = tables.map(({ table, remove, restore, endForGood, stay, theirs }) => [
    visible(table),
    ...[remove, restore, endForGood, stay, theirs].map(formatInteger),
  ])
  return [renderTable(COLUMNS, rows, view)]
}

/** What people did at the target since. */
export const renderLost = ({ lost }: RollbackDocument, view: TextView): readonly string[] =>
  lost.map(({ what, count, samples }) =>
    paragraph(
      visible(`${formatInteger(count)} ${what}: ${samples.join(', ')}${samples.length < count ? ' and others' : ''}`),
      view,
      '  ',
    ),
  )
