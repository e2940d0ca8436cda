import { stringify } from 'csv-stringify/sync'
import type { Finding } from '../../findings/finding.ts'
import { visible } from '../../terminal/visible.ts'
import type { Document } from '../documents.ts'
import { findingsOf } from '../grouped-findings.ts'
import type { Cell, OutlineSection } from '../outline/outline.ts'
import { outlineOf } from '../outline/outline-of.ts'
import { verdictOf } from '../verdict.ts'
import { guarded } from './guarded.ts'

/** One fact a row: in which part, about what, what is known of it, its value, its unit. */
const COLUMNS = ['part', 'item', 'detail', 'measure', 'value', 'unit'] as const

type Row = readonly [part: string, item: string, detail: string, measure: string, value: string, unit: string]

/**
 * A report as CSV (RFC 4180) for spreadsheets and scripts: every number of it, one a row, without separators, and the
 * findings. Times are milliseconds, sizes bytes; nothing begins like a formula.
 */
export const renderCsv = (document: Document): string =>
  stringify(
    [COLUMNS, ...rowsOf(document)].map((row) => row.map((cell) => guarded(visible(cell)))),
    { record_delimiter: '\r\n' },
  )

const rowsOf = (document: Document): readonly Row[] => {
  const { headline, sentences } = verdictOf(document)
  return [
    ['Verdict', headline, '', 'text', sentences.join(' '), ''],
    ...outlineOf(document).flatMap(sectionRows),
    ...findingsOf(document).flatMap(findingRows),
  ]
}

const findingRows = (finding: Finding): readonly Row[] => {
  const { code, severity, message, count, accepted, acceptedUntil, acceptedBecause } = finding
  const until = accepted === undefined ? 'acknowledgement ended' : 'acknowledged until'
  const facts: readonly (readonly [measure: string, value: string | undefined])[] = [
    ['text', message],
    ['count', count?.toString()],
    ['acknowledged', accepted],
    [until, acceptedUntil],
    ['reason', acceptedBecause],
  ]
  return facts.flatMap(([measure, value]): readonly Row[] =>
    value === undefined ? [] : [['Findings', code, severity, measure, value, '']],
  )
}

const sectionRows = ({ title, sentences = [], table }: OutlineSection): readonly Row[] => [
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
