import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import { cellText, isNumeric } from '../outline/cell-text.ts'
import type { OutlineSection, OutlineTable } from '../outline/outline.ts'
import { paragraph, section, type TextView } from './section.ts'

/** Sections as their outline has them: sentences, then a table; one that says nothing is left out. */
export const renderOutlined = (sections: readonly OutlineSection[], view: TextView): readonly string[] =>
  sections.flatMap(({ title, sentences = [], table }) =>
    section(
      title,
      [
        ...sentences.map((sentence) => paragraph(visible(sentence), view)),
        ...(table === undefined || table.rows.length === 0 ? [] : [renderCells(table, view)]),
      ],
      view,
    ),
  )

const renderCells = ({ columns, rows }: OutlineTable, { width, paint }: TextView): string => {
  const last = columns.length - 1
  const shaped = columns.map((title, index): Column => {
    if (isNumeric(rows.map((row) => row[index]))) return { title, align: 'right' }
    return { title, align: 'left', ...(index <= 1 || index === last ? { fit: 'wrap' } : {}) }
  })
  const cells = rows.map((row) => row.map((cell) => visible(cellText(cell))))
  return renderTable(shaped, cells, { width, paint })
}
