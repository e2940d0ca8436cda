import { formatInteger } from '../terminal/numbers.ts'
import type { CohortCount } from './documents.ts'
import { leftOf } from './totals.ts'

/** The table of cohorts in a plan. */
export const COHORT_COLUMNS = ['Cohort', 'Accounts', 'Migrate', 'Held back'] as const

/** Its last row. */
export const cohortSums = (cohorts: readonly CohortCount[]): readonly string[] => [
  'in all',
  ...[cohorts.map(({ read }) => read), cohorts.map(({ carried }) => carried), cohorts.map(leftOf)].map((counts) =>
    formatInteger(counts.reduce((sum, count) => sum + count, 0)),
  ),
]
