import type { Paint } from './colour.ts'
import { indented, pad, textWidth } from './text.ts'

export interface Column {
  readonly title: string
  /** Numbers stand right, words left. */
  readonly align: 'left' | 'right'
  /** A column that wraps takes what width the others leave; the others are as wide as their widest cell. */
  readonly fit?: 'wrap'
}

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly paint: Paint
}

const GAP = 2
/** A wrapping column narrower than this reads like a ladder; better to let the table be wider than the terminal. */
const NARROWEST_WRAP = 12

const columnWidths = (columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number[] => {
  const natural = columns.map((column, index) =>
    Math.max(textWidth(column.title), ...rows.map((row) => textWidth(row[index] ?? ''))),
  )
  const isWrapping = (index: number) => columns[index]?.fit === 'wrap'
  const wrapping = columns.filter((column) => column.fit === 'wrap').length
  const fixed = natural.reduce((sum, each, index) => sum + (isWrapping(index) ? 0 : each), 0)
  const left = Math.floor((width - fixed - GAP * (columns.length - 1)) / Math.max(1, wrapping))
  return natural.map((each, index) => (isWrapping(index) ? Math.min(each, Math.max(NARROWEST_WRAP, left)) : each))
}

/** Spaces that a cell begins with are its margin: they stay before all its lines. */
const wrapCell = (cell: string, width: number): readonly string[] =>
  indented(cell, width, /^ */u.exec(cell)?.[0] ?? '').split('\n')

/**
 * A plain table: one heading line, aligned columns, no rules. Rows are as long as `columns`; cells hold no line breaks.
 * Lines end without spaces.
 */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, paint }: TableOptions,
): string => {
  const widths = columnWidths(columns, rows, width)
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align === 'right' ? 'left' : 'right'))
      .join(' '.repeat(GAP))
      .trimEnd()
  const rowLines = (row: readonly string[]): readonly string[] => {
    const cells = columns.map(({ fit }, index) =>
      fit === 'wrap' ? wrapCell(row[index] ?? '', widths[index] ?? 0) : [row[index] ?? ''],
    )
    const height = Math.max(1, ...cells.map((cell) => cell.length))
    return Array.from({ length: height }, (_, at) => line(cells.map((cell) => cell[at] ?? '')))
  }
  return [paint('heading', line(columns.map(({ title }) => title))), ...rows.flatMap(rowLines)].join('\n')
}
