import type { AccountDecision } from '../../batch.ts'
import type { AccountChange } from '../../changes.ts'
import { countRows, type PlannedRow } from '../../row-changes.ts'
import { isAsWritten, rowsAsWritten } from './as-written.ts'
import { deletion } from './change-requests.ts'
import { ownUserOf, type UserSeen } from './ownership.ts'
import type { PlannedUser } from './plan-user.ts'

type AbsentDecision = Exclude<AccountDecision, { readonly decision: 'migrate' }>

/**
 * The change of an account that is gone from the source, or held back. A user is deleted whole, so all of it must still be as we
 * wrote it, and nobody may have used it.
 */
export const planAbsence = (decision: AbsentDecision, seen: UserSeen): PlannedUser => {
  const { mxid } = decision
  const reason = decision.decision === 'hold back' ? { reason: decision.reason } : {}
  const told = (change: AccountChange['change'], rows: readonly PlannedRow[]): AccountChange => ({
    mxid,
    change,
    rows: countRows(rows),
    ...reason,
  })
  const own = ownUserOf(mxid, seen)
  if (own === undefined) {
    return { change: told(decision.decision === 'gone' ? 'unchanged' : 'hold back', []), requests: { kind: 'nothing' } }
  }
  const rows = rowsAsWritten(own)
  if (isAsWritten(own)) return { change: told('remove', rows), requests: deletion(own.present) }
  const kept = rows.map(({ relation }): PlannedRow => ({ relation, action: 'theirs' }))
  return { change: told('unchanged', kept), requests: { kind: 'nothing' } }
}
