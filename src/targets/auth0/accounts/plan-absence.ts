import { type AbsentDecision, absentAccount } from '../../rows/absent-account.ts'
import { isAsWritten, rowsAsWritten } from './as-written.ts'
import { deletion } from './change-requests.ts'
import { ownUserOf, type UserSeen } from './ownership.ts'
import { linkedAwayTo } from './plan-linked-away.ts'
import type { PlannedUser } from './plan-user.ts'

/** What becomes of the user of an account that is gone from the source, or held back. */
export const planAbsence = (decision: AbsentDecision, seen: UserSeen): PlannedUser => {
  const own = ownUserOf(decision.mxid, seen)
  if (linkedAwayTo(seen) !== undefined) {
    const theirs = { rows: [{ relation: 'account', action: 'theirs' }], mayGo: false } as const
    return { change: absentAccount(decision, theirs), requests: { kind: 'nothing' } }
  }
  if (own === undefined) return { change: absentAccount(decision, undefined), requests: { kind: 'nothing' } }
  const mayGo = isAsWritten(own)
  return {
    change: absentAccount(decision, { rows: rowsAsWritten(own), mayGo }),
    requests: mayGo ? deletion(own.present) : { kind: 'nothing' },
  }
}
