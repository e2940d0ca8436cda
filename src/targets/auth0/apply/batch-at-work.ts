import type { Outcome } from '../../changes.ts'
import { credited, type Sent, withTouched } from '../../slow-road/credit.ts'
import type { BatchSoFar } from '../../target.ts'
import { decodeMarks, MARKS } from '../accounts/marks.ts'
import type { Writer } from '../accounts/user-rules.ts'
import type { PresentUser } from '../api/user.ts'
import type { Auth0Changes } from '../plan/plan-batch.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { AboutConnection, Auth0Tenant } from '../tenant.ts'

/** A batch while it is applied: who writes, and how everybody has ended so far. */
export interface BatchAtWork extends Pick<Auth0Changes, 'runNames' | 'isLast'> {
  readonly tenant: Auth0Tenant
  readonly about: AboutConnection
  readonly writer: Writer
  /** For the jobs' own name of theirs, beside the run's. */
  readonly ordinal: number
  /** For requests that write. */
  readonly signal: AbortSignal
  /** Notes that something is about to be sent for an account. */
  sends(planned: PlannedSubject): void
  ends(planned: PlannedSubject, outcome: Outcome): void
  /** It waits for an account of another batch: this one ends without it. */
  putsOff(planned: PlannedSubject): void
  /** It is not as it was planned for, and is to be looked at anew once all others are done. */
  looksAgain(again: Again): void
}

export interface Again {
  readonly planned: PlannedSubject
  /** Why, for whoever is refused again. */
  readonly words: string
  /** Somebody has a name of theirs, and nobody knows who. */
  readonly isClash?: true
}

const SENT: Readonly<Partial<Record<string, Sent['outcome']>>> = {
  create: 'created',
  change: 'updated',
  reimport: 'updated',
  delete: 'removed',
}

export const openBatch = (
  given: Omit<BatchAtWork, 'sends' | 'ends' | 'putsOff' | 'looksAgain'>,
  outcomes: Map<string, Outcome>,
): BatchAtWork & { soFar(): BatchSoFar; takeAgain(): readonly Again[] } => {
  const { tenant, runNames, writer } = given
  const again: Again[] = []
  let rejected = 0
  return {
    ...given,
    soFar: () => ({ attempted: outcomes.size, rejected }),
    sends({ change: { mxid, rows }, requests }) {
      const outcome = SENT[requests.kind]
      tenant.census.writes()
      if (outcome !== undefined) tenant.unreported.note(mxid, { outcome, rows })
    },
    ends({ subject: { id, seen } }, outcome) {
      const sent = tenant.unreported.of(outcome.mxid)
      const told = sent === undefined ? outcome : credited(outcome, sent, foundOf(seen.present, writer))
      outcomes.set(outcome.mxid, withTouched(told, tenant.unreported.touched(outcome.mxid)))
      if (outcome.outcome === 'rejected') rejected++
      runNames.gives(id, [])
    },
    putsOff: ({ subject: { id, gives = [] } }) => runNames.gives(id, gives),
    looksAgain(one) {
      const { requests, change } = one.planned
      // Whoever was to be made comes again only once it is known that they were not.
      if (requests.kind === 'create') tenant.unreported.undo([change.mxid])
      again.push(one)
    },
    takeAgain: () => again.splice(0),
  }
}

/** Whether a user was made by a run. */
export const isMadeBy = ({ appMetadata }: PresentUser, { runId }: Pick<Writer, 'runId'>): boolean =>
  decodeMarks(appMetadata[MARKS])?.createdBy === runId

const foundOf = (present: PresentUser | undefined, writer: Writer): Parameters<typeof credited>[2] => {
  if (present === undefined) return 'nobody'
  return isMadeBy(present, writer) ? 'made by this run' : 'made before'
}
