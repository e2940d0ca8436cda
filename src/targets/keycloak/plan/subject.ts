import type { AccountChange, RowChanges } from '../../changes.ts'
import { heldBackBy } from '../../slow-road/judgement.ts'
import type { Naming, Subject } from '../../slow-road/subject.ts'
import type { UserSeen } from '../accounts/ownership.ts'
import { planAbsence } from '../accounts/plan-absence.ts'
import { type PlannedUser, planUser } from '../accounts/plan-user.ts'
import type { Writer } from '../accounts/user-import.ts'
import type { UserRequests } from '../accounts/user-requests.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { PresentUser } from '../api/users-api.ts'
import type { LeftRows, Without } from './judge-holders.ts'

export type KeycloakSubject = Subject<WantedUser>

/** The same with all that was found at Keycloak. */
export interface KnownSubject extends KeycloakSubject, Naming<Without> {
  readonly seen: UserSeen
  /** Users of ours who have its address and are to give it up. */
  readonly frees?: readonly PresentUser[]
  /** The ids of users of ours who have a link of its and are to give it up. */
  readonly linksOf?: readonly string[]
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
    return { subject, change: heldBackBy(mxid, conflict, waits), requests: { kind: 'nothing' } }
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
