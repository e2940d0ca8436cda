import type { LostWork, RollbackTable } from '../../../report/rollback-document.ts'
import type { RollbackPlan } from '../../road-rollback.ts'
import type { Settled } from './batches.ts'
import { SAMPLES } from './use.ts'

/** Adds up what became, or would become, of batches of accounts. */
export const addSettled = (total: RollbackPlan, settled: Settled): RollbackPlan => ({
  ...total,
  accounts: total.accounts + settled.accounts,
  used: total.used + settled.used,
  tables: addTables(total.tables, settled.tables),
  lost: addLost(total.lost, settled.lost),
})

/** Of these runs, before the first batch. */
export const nothingOf = (runs: readonly string[]): RollbackPlan => ({
  way: 'accounts',
  runs,
  accounts: 0,
  used: 0,
  tables: [],
  lost: [],
})

const addTables = (total: readonly RollbackTable[], tables: readonly RollbackTable[]): readonly RollbackTable[] =>
  tables.map((one) => {
    const before = total.find(({ table }) => table === one.table)
    if (before === undefined) return one
    return {
      ...one,
      remove: before.remove + one.remove,
      restore: before.restore + one.restore,
      endForGood: before.endForGood + one.endForGood,
      stay: before.stay + one.stay,
      theirs: before.theirs + one.theirs,
    }
  })

const addLost = (total: readonly LostWork[], lost: readonly LostWork[]): readonly LostWork[] => {
  const sums = new Map(total.map((one) => [one.what, one]))
  for (const one of lost) {
    const before = sums.get(one.what)
    sums.set(one.what, {
      what: one.what,
      count: (before?.count ?? 0) + one.count,
      samples: [...(before?.samples ?? []), ...one.samples].slice(0, SAMPLES),
    })
  }
  return [...sums.values()].toSorted((a, b) => (a.what < b.what ? -1 : 1))
}
