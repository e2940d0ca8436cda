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

/** What a wrapping column asks for, in columns of the terminal. */
interface Claim {
  /** As wide as its longest cell. */
  readonly natural: number
  /** As wide as its longest word: narrower, and a name cannot be copied any more. */
  readonly word: number
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)

/**
 * An equal share for each; a column whose longest word is wider than its share has that word's width, where the others can give way.
 * The shortest words come first: so most columns have theirs whole.
 */
const shareOut = (claims: readonly Claim[], width: number): readonly number[] => {
  const share = Math.max(NARROWEST_WRAP, Math.floor(width / Math.max(1, claims.length)))
  const least = claims.map(({ natural }) => Math.min(natural, NARROWEST_WRAP))
  for (const [index, { word }] of [...claims.entries()].toSorted(([, one], [, other]) => one.word - other.word)) {
    const room = width - sum(least.toSpliced(index, 1))
    if (word <= room) least[index] = Math.max(word, least[index] ?? 0)
  }
  const upTo = (level: number): readonly number[] =>
    claims.map(({ natural }, index) => Math.max(least[index] ?? 0, Math.min(natural, level)))
  let level = share
  while (level > NARROWEST_WRAP && sum(upTo(level)) > width) level -= 1
  return upTo(level)
}

const columnWidths = (columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number[] => {
  const widest = (index: number, of: (cell: string) => number): number =>
    Math.max(textWidth(columns[index]?.title ?? ''), ...rows.map((row) => of(row[index] ?? '')))
  const natural = columns.map((_, index) => widest(index, textWidth))
  const wrapping = [...columns.keys()].filter((index) => columns[index]?.fit === 'wrap')
  const fixed = sum(natural.filter((_, index) => !wrapping.includes(index)))
  const claims = wrapping.map((index) => ({ natural: natural[index] ?? 0, word: widest(index, longestWord) }))
  const shared = shareOut(claims, width - fixed - GAP * (columns.length - 1))
  return natural.map((each, index) => shared[wrapping.indexOf(index)] ?? each)
}

/** With the margin that all lines of the cell have. */
const longestWord = (cell: string): number =>
  marginOf(cell).length + Math.max(...cell.trim().split(/\s+/u).map(textWidth))

const marginOf = (cell: string): string => /^ */u.exec(cell)?.[0] ?? ''

/** Spaces that a cell begins with are its margin: they stay before all its lines. */
const wrapCell = (cell: string, width: number): readonly string[] => indented(cell, width, marginOf(cell)).split('\n')

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
