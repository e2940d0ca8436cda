import type { Outcome } from '../../changes.ts'
import type { BatchSoFar } from '../../target.ts'
import type { RealmDefaults, Writer } from '../accounts/user-import.ts'
import { MARKS } from '../accounts/user-rules.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { KeycloakRealm } from '../realm.ts'
import type { Sent } from './unreported.ts'

/** A batch while it is applied: who writes, and how everybody has ended so far. */
export interface BatchAtWork {
  readonly realm: KeycloakRealm
  readonly writer: Writer & RealmDefaults
  /** For requests that write. */
  readonly signal: AbortSignal
  /** Notes that something is about to be sent for an account. */
  sends(planned: PlannedSubject): void
  ends(planned: PlannedSubject, outcome: Outcome): void
  hasEnded(planned: PlannedSubject): boolean
}

const SENT: Readonly<Partial<Record<string, Sent['outcome']>>> = {
  create: 'created',
  change: 'updated',
  delete: 'removed',
}

export const openBatch = (
  given: Pick<BatchAtWork, 'realm' | 'writer' | 'signal'>,
  outcomes: Map<string, Outcome>,
): BatchAtWork & { soFar(): BatchSoFar } => {
  const { unreported } = given.realm
  let rejected = 0
  return {
    ...given,
    soFar: () => ({ attempted: outcomes.size, rejected }),
    sends({ change: { mxid, rows }, requests }) {
      const outcome = SENT[requests.kind]
      if (outcome !== undefined) unreported.note(mxid, { outcome, rows })
    },
    ends({ subject }, outcome) {
      const { present } = subject.seen
      const isOfThisRun = present?.attributes[MARKS.run]?.includes(given.writer.runId) === true
      outcomes.set(outcome.mxid, unreported.counted(outcome, { isThere: present !== undefined, isOfThisRun }))
      if (outcome.outcome === 'rejected') rejected++
    },
    hasEnded: ({ change: { mxid } }) => outcomes.has(mxid),
  }
}
