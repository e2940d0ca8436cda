import { RELATIONS } from '../../accounts/relations.ts'
import type { Outcome, RowChanges } from '../changes.ts'
import type { RunToTakeBack } from '../target.ts'
import { type MemoryPeople, removeRow } from './people.ts'
import { digestOf } from './rows.ts'

/** Takes back the rows that a run created and nobody changed since; an account stays while a changed row of it does. */
export const rollBack = (people: MemoryPeople, { runId, accounts }: RunToTakeBack): readonly Outcome[] => {
  const asked = new Set(accounts)
  const own = new Map<string, { readonly id: string; readonly row: RowChanges }[]>()
  for (const [id, base] of people.written) {
    if (base.runId !== runId || !asked.has(base.mxid)) continue
    const present = people.rows.get(id)
    const intact = present !== undefined && digestOf(present) === base.digest
    const row = { ...NONE, relation: base.relation, remove: intact ? 1 : 0, theirs: intact ? 0 : 1 }
    own.set(base.mxid, [...(own.get(base.mxid) ?? []), { id, row }])
  }
  return [...own].map(([mxid, all]) => {
    const rows = RELATIONS.flatMap((relation) =>
      sum(all.flatMap(({ row }) => (row.relation === relation ? [row] : []))),
    )
    if (all.some(({ row }) => row.theirs > 0)) {
      return { mxid, outcome: 'unchanged', message: 'changed at the target since', rows }
    }
    for (const { id } of all) removeRow(people, id)
    return { mxid, outcome: 'removed', rows }
  })
}

const NONE = { create: 0, update: 0, remove: 0, unchanged: 0, theirs: 0, foreign: 0 }

const sum = (rows: readonly RowChanges[]): readonly RowChanges[] => {
  const [first] = rows
  if (first === undefined) return []
  const remove = rows.reduce((total, row) => total + row.remove, 0)
  const theirs = rows.reduce((total, row) => total + row.theirs, 0)
  return [{ ...first, remove, theirs }]
}
