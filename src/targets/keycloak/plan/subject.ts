import type { AccountDecision } from '../../batch.ts'
import type { AccountChange, RowChanges } from '../../changes.ts'
import type { Name } from '../../slow-road/name.ts'
import type { UserSeen } from '../accounts/ownership.ts'
import { planAbsence } from '../accounts/plan-absence.ts'
import { type PlannedUser, planUser } from '../accounts/plan-user.ts'
import type { Writer } from '../accounts/user-import.ts'
import type { UserRequests } from '../accounts/user-requests.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { PresentUser } from '../api/users-api.ts'
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
  /** What it gives up, if nothing is in its way. */
  readonly gives?: readonly Name[]
  /** Somebody else's, in the way of all of it. */
  readonly conflict?: Conflict
  /**
   * What is in the way may be gone later: the holder is ours and has not had their turn; or the address is that of an account that
   * was planned before, and whether that gets it is known once it is written.
   */
  readonly waits?: 'for a holder' | 'for a claimant'
  /** Users of ours who have its address and are to give it up. */
  readonly frees?: readonly PresentUser[]
  /** The ids of users of ours who have a link of its and are to give it up. */
  readonly linksOf?: readonly string[]
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
  const { decision, wanted, seen, conflict, waits, without } = subject
  const { mxid } = decision
  if (decision.decision !== 'migrate') return { subject, ...planAbsence(decision, seen, writer.attributes) }
  // Between the decision and the reading it has left the source.
  if (wanted === undefined) {
    return { subject, ...planAbsence({ mxid, decision: 'gone' }, seen, writer.attributes) }
  }
  if (conflict !== undefined) {
    const { reason, against } = conflict
    const isAwaited = waits === 'for a holder'
    const inTheWay = isAwaited ? `${against}, unless they give it up in the same run` : against
    return {
      subject,
      change: {
        mxid,
        change: 'conflict',
        reason,
        against: inTheWay,
        ...(isAwaited ? { waits: true } : {}),
        rows: [],
      },
      requests: { kind: 'nothing' },
    }
  }
  const { change, requests } = refusable(planUser(without?.wanted ?? wanted, seen, writer))
  if (without === undefined) return { subject, change, requests }
  return { subject, requests, change: { ...change, rows: withLeft(change.rows, without.left) } }
}

const refusable = ({ change, requests }: PlannedUser): PlannedUser => {
  if (requests.kind !== 'refuse') return { change, requests }
  const { mxid, rows } = change
  return { change: { mxid, change: 'reject', message: requests.words, rows }, requests }
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
