import { formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import { COHORT_COLUMNS, cohortSums } from '../cohort-words.ts'
import type { CohortCount } from '../documents.ts'
import { leftOf } from '../totals.ts'
import { reasonText } from '../words.ts'
import type { TextView } from './section.ts'

const COLUMNS: readonly Column[] = COHORT_COLUMNS.map(
  (title, index): Column => (index === 0 ? { title, align: 'left', fit: 'wrap' } : { title, align: 'right' }),
)

/** How many accounts of each cohort migrate, and why the others are held back: one row a cohort, under it one a reason. */
export const renderCohorts = (cohorts: readonly CohortCount[] = [], view: TextView): readonly string[] => {
  if (cohorts.length === 0) return []
  const rows = cohorts.flatMap((one) => [
    [visible(one.cohort), formatInteger(one.read), formatInteger(one.carried), formatInteger(leftOf(one))],
    ...one.left.map(({ reason, count }) => [`  ${visible(reasonText(reason))}`, '', '', formatInteger(count)]),
  ])
  return [renderTable(COLUMNS, [...rows, cohortSums(cohorts)], view)]
}
