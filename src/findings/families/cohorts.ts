import type { FindingEntry } from '../entry.ts'

/** Findings about the cohorts that the mapping names. */
export const COHORT_FINDINGS = {
  COHORT_NAMES_UNKNOWN: {
    severity: 'warning',
    title: 'Names of a cohort’s list that nobody has',
    why: 'The list names them, and Synapse has no such account: perhaps they are misspelt. The person meant is in another cohort.',
    remedy: 'Correct the list, unless these accounts are gone.',
    kind: 'data',
  },
  COHORT_EMPTY: {
    severity: 'notice',
    title: 'A cohort without accounts',
    why: 'No account meets its conditions and is in no cohort before it.',
    remedy: 'Nothing to do, if that is meant to be.',
    kind: 'data',
  },
} as const satisfies Record<string, FindingEntry>
