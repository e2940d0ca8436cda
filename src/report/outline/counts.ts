import { RELATION_NAMES } from '../../accounts/relations.ts'
import { COHORT_COLUMNS } from '../cohort-words.ts'
import type { CohortCount, PlanDocument, RelationCount, RunDocument } from '../documents.ts'
import { CHANGE_COLUMNS } from '../gone-on-words.ts'
import type { AccountSample } from '../run-parts.ts'
import { leftOf } from '../totals.ts'
import { reasonText } from '../words.ts'
import type { Cell, OutlineSection } from './outline.ts'

type Counted = Pick<RelationCount, 'read' | 'carried' | 'left'>

/** A row for the whole, and under it one for each reason. */
const countRows = (name: string, count: Counted): readonly (readonly Cell[])[] => [
  [name, '', count.read, count.carried, leftOf(count)],
  ...count.left.map(({ reason, count: rows }) => [name, reasonText(reason), '', '', rows]),
]

/** What was read, what of it is carried, what is left and why. */
export const resultsOutline = (title: string, relations: readonly RelationCount[]): OutlineSection => ({
  title,
  table: {
    columns: ['What', 'Why', 'Read', 'Carried', 'Left'],
    names: 2,
    rows: relations.flatMap((one) => countRows(RELATION_NAMES[one.relation].many, one)),
  },
})

export const cohortsOutline = (cohorts: readonly CohortCount[] = []): OutlineSection => {
  const [cohort, ...numbers] = COHORT_COLUMNS
  return {
    title: 'Cohorts',
    table: {
      columns: [cohort, 'Why', ...numbers],
      names: 2,
      rows: cohorts.flatMap((one) => countRows(one.cohort, one)),
    },
  }
}

/** Of a plan or run that goes on from what is there. */
export const goneOnOutline = ({
  outcomes = [],
  changes = [],
  conflicts = [],
  rejected = [],
}: PlanDocument | RunDocument): readonly OutlineSection[] => [
  {
    title: 'How the accounts end',
    table: { columns: ['Outcome', 'Accounts'], names: 1, rows: outcomes.map(({ outcome, count }) => [outcome, count]) },
  },
  {
    title: 'Rows of the accounts looked at',
    table: {
      columns: ['What', ...CHANGE_COLUMNS.map(({ title }) => title)],
      names: 1,
      rows: changes.map((one) => [RELATION_NAMES[one.relation].many, ...CHANGE_COLUMNS.map(({ of }) => one[of])]),
    },
  },
  accountsOutline('Held back: somebody else’s name, e-mail or identity', conflicts),
  accountsOutline('Refused by the target', rejected),
]

const accountsOutline = (title: string, accounts: readonly AccountSample[]): OutlineSection => ({
  title,
  table: {
    columns: ['Account', 'Why'],
    names: 1,
    rows: accounts.map(({ mxid, reason, message }) => [mxid, message ?? reason ?? '']),
  },
})
