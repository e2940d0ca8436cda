import { type AbsentDecision, absentAccount } from '../../rows/absent-account.ts'
import { mayGo, rowsAsWritten } from './as-written.ts'
import { ownUserOf, type UserSeen } from './ownership.ts'
import type { PlannedUser } from './plan-user.ts'
import type { AttributeNames } from './user-rules.ts'

/** What becomes of the user of an account that is gone from the source, or held back. */
export const planAbsence = (decision: AbsentDecision, seen: UserSeen, names: AttributeNames): PlannedUser => {
  const own = ownUserOf(decision.mxid, seen)
  if (own === undefined) return { change: absentAccount(decision, undefined), requests: { kind: 'nothing' } }
  const isGoing = mayGo(own, names)
  return {
    change: absentAccount(decision, { rows: rowsAsWritten(own, names), mayGo: isGoing }),
    requests: isGoing ? { kind: 'delete', id: own.present.id } : { kind: 'nothing' },
  }
}
