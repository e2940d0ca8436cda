import { formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { RowDifference, TableVerification, VerifyDocument } from '../documents.ts'
import { totalUnopened, totalWrong, wrongRows } from '../totals.ts'
import { isOnRecord, verifyNotes } from '../verify-words.ts'
import { DIFFERENCE_NAMES } from '../words.ts'
import { paragraph, type TextView } from './section.ts'

const TABLE_COLUMN: Column = { title: 'Table', align: 'left' }

const TITLES = ['Wanted', 'Present', 'Missing', 'Extra', 'Different'] as const

/** All that is wrong in one number: what it is stands below. */
const RECORD_TITLES = ['Wanted', 'Present', 'Wrong', 'Theirs', 'Foreign'] as const

const numberColumns = (titles: readonly string[]): readonly Column[] =>
  titles.map((title) => ({ title, align: 'right' }))

const numbers = ({ wanted, present, missing, extra, differing }: TableVerification): readonly number[] => [
  wanted,
  present,
  missing,
  extra,
  differing,
]

const recordNumbers = (table: TableVerification): readonly number[] => [
  table.wanted,
  table.present,
  wrongRows(table),
  table.theirs ?? 0,
  table.foreign ?? 0,
]

/** What a table has in place of a number that nobody can know. */
const cells = (titles: readonly string[], table: TableVerification, counts: readonly number[]): readonly string[] =>
  counts.map((count, place) =>
    table.unseen === true && titles[place] === 'Present' ? 'not shown' : formatInteger(count),
  )

const difference = ({ table, kind, row, columns }: RowDifference): string => {
  const where = columns.length === 0 ? '' : ` in ${columns.join(', ')}`
  return visible(`${table}: ${DIFFERENCE_NAMES[kind]}${where}: ${row}`)
}

/** Each table's rows against what they should be, and the first rows that are not. */
export const renderVerification = (document: VerifyDocument, view: TextView): readonly string[] => {
  const { tables, differences } = document
  const { width, paint } = view
  if (tables.length === 0) return []
  const onRecord = isOnRecord(tables)
  const shown = differences.map((each) => indented(difference(each), width, '    ', '  '))
  const hidden = totalWrong(tables) - differences.filter(({ kind }) => kind !== 'theirs').length
  const unopened = totalUnopened(tables)
  return [
    renderTable(
      [TABLE_COLUMN, ...numberColumns(onRecord ? RECORD_TITLES : TITLES)],
      tables.map((table) => [
        visible(table.table),
        ...(onRecord ? cells(RECORD_TITLES, table, recordNumbers(table)) : cells(TITLES, table, numbers(table))),
      ]),
      { width, paint },
    ),
    ...verifyNotes(document).map((note) => paragraph(visible(note), view)),
    ...(shown.length === 0 ? [] : ['', ...shown]),
    ...(hidden > 0 ? [`  and ${formatInteger(hidden)} more`] : []),
    ...(unopened > 0 ? [`  and about ${formatInteger(unopened)} rows that were not looked at one by one`] : []),
  ]
}
