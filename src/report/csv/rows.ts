import { stringify } from 'csv-stringify/sync'
import { visible } from '../../terminal/visible.ts'
import type { Cell, OutlineSection } from '../outline/outline.ts'
import type { Verdict } from '../verdict.ts'
import { guarded } from './guarded.ts'

/** One fact a row: in which part, about what, what is known of it, its value, its unit. */
const COLUMNS = ['part', 'item', 'detail', 'measure', 'value', 'unit'] as const

export type Row = readonly [part: string, item: string, detail: string, measure: string, value: string, unit: string]

/** The text of a file: lines end as RFC 4180 has it, and nothing begins like a formula. */
export const csvOf = (rows: readonly Row[]): string =>
  stringify(
    [COLUMNS, ...rows].map((row) => row.map((cell) => guarded(visible(cell)))),
    { record_delimiter: '\r\n' },
  )

export const verdictRow = ({ headline, sentences }: Verdict): Row => [
  'Verdict',
  headline,
  '',
  'text',
  sentences.join(' '),
  '',
]

export const sectionRows = ({ title, sentences = [], table }: OutlineSection): readonly Row[] => [
  ...sentences.map((sentence): Row => [title, '', '', 'text', sentence, '']),
  ...(table?.rows ?? []).flatMap((row): readonly Row[] => {
    const names = row.slice(0, table?.names)
    return row.slice(names.length).flatMap((cell, index): readonly Row[] => {
      const [value, unit] = plain(cell)
      const measure = table?.columns[names.length + index] ?? ''
      return value === '' ? [] : [[title, plain(names[0] ?? '')[0], plain(names[1] ?? '')[0], measure, value, unit]]
    })
  }),
]

const plain = (cell: Cell): readonly [value: string, unit: string] => {
  if (typeof cell === 'string') return [cell, '']
  if (typeof cell === 'number') return [String(cell), '']
  return 'bytes' in cell ? [String(cell.bytes), 'bytes'] : [String(Math.round(cell.milliseconds)), 'milliseconds']
}
