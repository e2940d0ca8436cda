import { RELATION_NAMES } from '../../accounts/relations.ts'
import { formatDuration, formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { RelationCount, TableResult } from '../documents.ts'
import { leftOf, timeOf, totalRows } from '../totals.ts'
import { reasonText } from '../words.ts'
import type { TextView } from './section.ts'

const COLUMNS: readonly Column[] = [
  { title: '', align: 'left', fit: 'wrap' },
  { title: 'Read', align: 'right' },
  { title: 'Carried', align: 'right' },
  { title: 'Left', align: 'right' },
]
const TIME: Column = { title: 'Time', align: 'right' }

/** A plan has no times yet. */
export interface Results {
  readonly relations: readonly RelationCount[]
  readonly tables?: readonly TableResult[]
}

const relationRows = (count: RelationCount, time: string): readonly (readonly string[])[] => [
  [
    RELATION_NAMES[count.relation].many,
    formatInteger(count.read),
    formatInteger(count.carried),
    formatInteger(leftOf(count)),
    time,
  ],
  ...count.left.map(({ reason, count: rows }) => [`  ${visible(reasonText(reason))}`, '', '', formatInteger(rows), '']),
]

/** What was read, what of it is carried, what is left: one row a relation, and under it one row a reason. */
export const renderResults = ({ relations, tables }: Results, { width, paint }: TextView): readonly string[] => {
  if (relations.length === 0) return []
  const columns = tables === undefined ? COLUMNS : [...COLUMNS, TIME]
  const rows = relations.flatMap((count) => {
    const time = tables === undefined ? undefined : timeOf(tables, count.relation)
    return relationRows(count, time === undefined ? '' : formatDuration(time))
  })
  const total = totalRows(relations)
  const sums = ['in all', formatInteger(total.read), formatInteger(total.carried), formatInteger(total.left), '']
  return [renderTable(columns, [...rows, sums], { width, paint })]
}
