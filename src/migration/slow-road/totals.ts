import { RELATIONS } from '../../accounts/relations.ts'
import type { OutcomeCount, RelationChanges } from '../../report/documents.ts'
import { type AccountChange, OUTCOME_OF, OUTCOMES, type Outcome, type OutcomeKind } from '../../targets/changes.ts'
import { rowChanges } from '../../targets/row-changes.ts'

/** Accounts by outcome and rows by change, added up one account at a time. */
export interface Totals {
  readonly outcomes: readonly OutcomeCount[]
  readonly changes: readonly RelationChanges[]
}

const CHANGES = ['create', 'update', 'remove', 'unchanged', 'theirs', 'foreign'] as const

export interface Tally {
  /** @param ended.outcome NULL: the run ended before. */
  add(ended: Pick<Outcome, 'rows'> & { readonly outcome: OutcomeKind | null }): void
  totals(): Totals
}

export const newTally = (): Tally => {
  const accounts = new Map<OutcomeKind, number>()
  const rows = new Map<string, number>()
  return {
    add(ended) {
      const outcome = ended.outcome ?? 'not attempted'
      accounts.set(outcome, (accounts.get(outcome) ?? 0) + 1)
      for (const changed of ended.rows) {
        for (const change of CHANGES) {
          const name = `${changed.relation} ${change}`
          rows.set(name, (rows.get(name) ?? 0) + changed[change])
        }
      }
    },
    totals: () => sumUp(accounts, rows),
  }
}

const sumUp = (accounts: ReadonlyMap<OutcomeKind, number>, rows: ReadonlyMap<string, number>): Totals => {
  return {
    outcomes: OUTCOMES.flatMap((outcome) => {
      const count = accounts.get(outcome) ?? 0
      return count === 0 ? [] : [{ outcome, count }]
    }),
    changes: RELATIONS.flatMap((relation) => {
      const counted = rowChanges(relation, (change) => rows.get(`${relation} ${change}`) ?? 0)
      return CHANGES.every((change) => counted[change] === 0) ? [] : [counted]
    }),
  }
}

/** How an account would end by its plan. Of what would be refused no rows are written. */
export const plannedOutcome = ({
  mxid,
  change,
  reason,
  rows,
}: AccountChange): Pick<Outcome, 'mxid' | 'outcome' | 'reason' | 'rows'> => ({
  mxid,
  outcome: OUTCOME_OF[change],
  rows: change === 'reject' ? [] : rows,
  ...(reason === undefined ? {} : { reason }),
})
