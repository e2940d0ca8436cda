import type { AccountDecision } from '../batch.ts'
import type { AccountChange } from '../changes.ts'
import { countRows, type PlannedRow } from '../row-changes.ts'

export type AbsentDecision = Exclude<AccountDecision, { readonly decision: 'migrate' }>

/**
 * The change of an account that is gone from the source, or held back. A user is deleted whole, so all of it must still be as we
 * wrote it, and nobody may be seen to use it.
 * @param ours undefined: there is none of ours
 */
export const absentAccount = (
  decision: AbsentDecision,
  ours: { readonly rows: readonly PlannedRow[]; readonly mayGo: boolean } | undefined,
): AccountChange => {
  const { mxid } = decision
  const reason = decision.decision === 'hold back' ? { reason: decision.reason } : {}
  const told = (change: AccountChange['change'], rows: readonly PlannedRow[]): AccountChange => ({
    mxid,
    change,
    rows: countRows(rows),
    ...reason,
  })
  if (ours === undefined) return told(decision.decision === 'gone' ? 'unchanged' : 'hold back', [])
  if (ours.mayGo) return told('remove', ours.rows)
  return told(
    'unchanged',
    ours.rows.map(({ relation }) => ({ relation, action: 'theirs' })),
  )
}
