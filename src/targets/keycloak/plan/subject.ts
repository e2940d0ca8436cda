import type { AccountDecision } from '../../batch.ts'
import type { AccountChange, RowChanges } from '../../changes.ts'
import type { UserSeen } from '../accounts/ownership.ts'
import { planAbsence } from '../accounts/plan-absence.ts'
import { planUser } from '../accounts/plan-user.ts'
import type { Writer } from '../accounts/user-import.ts'
import type { UserRequests } from '../accounts/user-requests.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { Conflict, LeftRows } from './judge-holders.ts'

/** An account of a batch, and what user it becomes. */
export interface Subject {
  readonly decision: AccountDecision
  readonly id: string
  /** Holds a secret. Absent: the account does not migrate. */
  readonly wanted?: WantedUser
}

/** The same with all that was found at Keycloak. */
export interface KnownSubject extends Subject {
  readonly seen: UserSeen
  /** Somebody else's, in the way of all of it. */
  readonly conflict?: Conflict
  /** The conflict is with an account that was planned before: whether that gets the address is known once it is written. */
  readonly waits?: true
  /** Where rows are left since what they hold is somebody else's: what is wanted without them. */
  readonly without?: { readonly wanted: WantedUser; readonly left: LeftRows }
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
  if (decision.decision !== 'migrate') return { subject, ...planAbsence(decision, seen, writer.attributes) }
  // Between the decision and the reading it has left the source.
  if (wanted === undefined) {
    return { subject, ...planAbsence({ mxid, decision: 'gone' }, seen, writer.attributes) }
  }
  if (conflict !== undefined) {
    return { subject, change: { mxid, change: 'conflict', ...conflict, rows: [] }, requests: { kind: 'nothing' } }
  }
  const planned = planUser(without?.wanted ?? wanted, seen, writer)
  if (without === undefined) return { subject, ...planned }
  return { subject, ...planned, change: { ...planned.change, rows: withLeft(planned.change.rows, without.left) } }
}

const withLeft = (rows: readonly RowChanges[], left: LeftRows): readonly RowChanges[] => {
  const counts = Object.entries(left) as readonly (readonly [keyof LeftRows, number])[]
  return counts.reduce<readonly RowChanges[]>((all, [relation, count]) => {
    if (count === 0) return all
    const own = all.find((row) => row.relation === relation) ?? { ...NONE, relation }
    return [...all.filter((row) => row.relation !== relation), { ...own, foreign: own.foreign + count }]
  }, rows)
}

const NONE = { create: 0, update: 0, remove: 0, unchanged: 0, theirs: 0, foreign: 0 }
