import type { AccountChange, RowChanges } from '../../changes.ts'
import { rowChanges } from '../../row-changes.ts'
import { heldBackBy } from '../../slow-road/judgement.ts'
import type { Naming, Subject } from '../../slow-road/subject.ts'
import type { UserSeen } from '../accounts/ownership.ts'
import { planAbsence } from '../accounts/plan-absence.ts'
import { planUser } from '../accounts/plan-user.ts'
import type { UserRequests } from '../accounts/user-requests.ts'
import type { Writer } from '../accounts/user-rules.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { Without } from './judge-holders.ts'

export type Auth0Subject = Subject<WantedUser>

/** The same with all that was found at Auth0. */
export interface KnownSubject extends Auth0Subject, Naming<Without> {
  readonly seen: UserSeen
}

export interface PlannedSubject {
  readonly subject: KnownSubject
  readonly change: AccountChange
  /** Holds secrets. */
  readonly requests: UserRequests
}

/** What would be done with an account as it was found. */
export const planSubject = (subject: KnownSubject, writer: Writer): PlannedSubject => {
  const { decision, wanted, seen, conflict, waits, without } = subject
  const { mxid } = decision
  if (decision.decision !== 'migrate') return { subject, ...planAbsence(decision, seen) }
  // Between the decision and the reading it has left the source.
  if (wanted === undefined) return { subject, ...planAbsence({ mxid, decision: 'gone' }, seen) }
  if (conflict !== undefined) {
    return { subject, change: heldBackBy(mxid, conflict, waits), requests: { kind: 'nothing' } }
  }
  const { change, requests } = planUser(without?.wanted ?? wanted, seen, writer)
  if (without === undefined) return { subject, change, requests }
  return { subject, requests, change: { ...change, rows: withLeft(change.rows, without.leftThreepids) } }
}

const withLeft = (rows: readonly RowChanges[], left: number): readonly RowChanges[] => {
  const own = rows.find(({ relation }) => relation === 'threepid') ?? rowChanges('threepid', () => 0)
  return [...rows.filter((row) => row !== own), { ...own, foreign: own.foreign + left }]
}
