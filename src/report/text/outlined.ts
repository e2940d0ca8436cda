import { type Column, renderTable } from '../../terminal/table.ts'
import { textWidth } from '../../terminal/text.ts'
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

/** A name that takes no more than this part of a line is not broken: what is said of it has the room. */
const SHARE = 4

const renderCells = ({ columns, rows }: OutlineTable, { width, paint }: TextView): string => {
  const last = columns.length - 1
  const shaped = columns.map(visible).map((title, index): Column => {
    if (isNumeric(rows.map((row) => row[index]))) return { title, align: 'right' }
    const isLong = Math.max(0, ...rows.map((row) => textWidth(visible(cellText(row[index] ?? ''))))) > width / SHARE
    return { title, align: 'left', ...((index <= 1 && isLong) || index === last ? { fit: 'wrap' } : {}) }
  })
  const cells = rows.map((row) => row.map((cell) => visible(cellText(cell))))
  return renderTable(shaped, cells, { width, paint })
}
