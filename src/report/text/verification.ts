import { formatInteger } from '../../terminal/numbers.ts'
import { renderTable } from '../../terminal/table.ts'
import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { RowDifference, VerifyDocument } from '../documents.ts'
import { totalUnopened, totalWrong } from '../totals.ts'
import { DIFFERENCE_NAMES } from '../words.ts'
import type { TextView } from './section.ts'

const difference = ({ table, kind, row, columns }: RowDifference): string => {
  const where = columns.length === 0 ? '' : ` in ${columns.join(', ')}`
  return visible(`${table}: ${DIFFERENCE_NAMES[kind]}${where}: ${row}`)
}

/** Each table's rows against what they should be, and the first rows that are not. */
export const renderVerification = (
  { tables, differences }: VerifyDocument,
  { width, paint }: TextView,
): readonly string[] => {
  if (tables.length === 0) return []
  const shown = differences.map((each) => indented(difference(each), width, '    ', '  '))
  const hidden = totalWrong(tables) - differences.length
  const unopened = totalUnopened(tables)
  return [
    renderTable(
      [
        { title: 'Table', align: 'left' },
        { title: 'Wanted', align: 'right' },
        { title: 'Present', align: 'right' },
        { title: 'Missing', align: 'right' },
        { title: 'Extra', align: 'right' },
        { title: 'Different', align: 'right' },
      ],
      tables.map((table) => [
        visible(table.table),
        ...[table.wanted, table.present, table.missing, table.extra, table.differing].map((count) =>
          formatInteger(count),
        ),
      ]),
      { width, paint },
    ),
    ...(shown.length === 0 ? [] : ['', ...shown]),
    ...(hidden > 0 ? [`  and ${formatInteger(hidden)} more`] : []),
    ...(unopened > 0 ? [`  and about ${formatInteger(unopened)} rows that were not looked at one by one`] : []),
  ]
}
