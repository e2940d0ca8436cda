import type { AccountDecision } from '../../batch.ts'
import type { AccountChange, RowChanges } from '../../changes.ts'
import { rowChanges } from '../../row-changes.ts'
import type { Name } from '../../slow-road/name.ts'
import type { UserSeen } from '../accounts/ownership.ts'
import { planAbsence } from '../accounts/plan-absence.ts'
import { type PlannedUser, planUser } from '../accounts/plan-user.ts'
import type { UserRequests } from '../accounts/user-requests.ts'
import type { Writer } from '../accounts/user-rules.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { Conflict, Without } from './judge-holders.ts'

/** An account of a batch, and what user it becomes. */
export interface Subject {
  readonly decision: AccountDecision
  readonly id: string
  /** Holds a secret. Absent: the account does not migrate. */
  readonly wanted?: WantedUser
}

/** The same with all that was found at Auth0. */
export interface KnownSubject extends Subject {
  readonly seen: UserSeen
  /** What it gives up, if nothing is in its way. */
  readonly gives?: readonly Name[]
  /** Somebody else's, in the way of all of it. */
  readonly conflict?: Conflict
  /**
   * What is in the way may be gone later: the holder is ours and has not had their turn; or the address is that of an account that
   * was planned before, and whether that gets it is known once it is written.
   */
  readonly waits?: 'for a holder' | 'for a claimant'
  /** Where addresses are left since they are somebody else's. */
  readonly without?: Without
}

export interface PlannedSubject {
  readonly subject: KnownSubject
  readonly change: AccountChange
  /** Holds secrets. */
  readonly requests: UserRequests
}

/** What would be done with an account as it was found. */
export const planSubject = (subject: KnownSubject, writer: Writer): PlannedSubject => {
  const { decision, wanted, seen, conflict, without } = subject
  const { mxid } = decision
  if (decision.decision !== 'migrate') return { subject, ...planAbsence(decision, seen) }
  // Between the decision and the reading it has left the source.
  if (wanted === undefined) return { subject, ...planAbsence({ mxid, decision: 'gone' }, seen) }
  if (conflict !== undefined) return { subject, ...heldBack(subject, conflict) }
  const { change, requests } = planUser(without?.wanted ?? wanted, seen, writer)
  if (without === undefined) return { subject, change, requests }
  return { subject, requests, change: { ...change, rows: withLeft(change.rows, without.leftThreepids) } }
}

const heldBack = ({ decision: { mxid }, waits }: KnownSubject, { reason, against }: Conflict): PlannedUser => {
  const isAwaited = waits === 'for a holder'
  const inTheWay = isAwaited ? `${against}, unless they give it up in the same run` : against
  return {
    change: { mxid, change: 'conflict', reason, against: inTheWay, ...(isAwaited ? { waits: true } : {}), rows: [] },
    requests: { kind: 'nothing' },
  }
}

const withLeft = (rows: readonly RowChanges[], left: number): readonly RowChanges[] => {
  const own = rows.find(({ relation }) => relation === 'threepid') ?? rowChanges('threepid', () => 0)
  return [...rows.filter((row) => row !== own), { ...own, foreign: own.foreign + left }]
}
