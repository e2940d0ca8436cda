import type { Outcome, OutcomeKind } from '../../changes.ts'
import { credited, type Sent, withTouched } from '../../slow-road/credit.ts'
import type { BatchSoFar } from '../../target.ts'
import { decodeMarks } from '../accounts/marks.ts'
import type { RealmDefaults, Writer } from '../accounts/user-import.ts'
import { MARKS } from '../accounts/user-rules.ts'
import type { KeycloakChanges } from '../plan/plan-batch.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { KeycloakRealm } from '../realm.ts'

/** A batch while it is applied: who writes, and how everybody has ended so far. */
export interface BatchAtWork extends Pick<KeycloakChanges, 'runNames' | 'isLast'> {
  readonly realm: KeycloakRealm
  readonly writer: Writer & RealmDefaults
  /** For requests that write. */
  readonly signal: AbortSignal
  /** Notes that something is about to be sent for an account. */
  sends(planned: PlannedSubject): void
  ends(planned: PlannedSubject, outcome: Outcome): void
  /** Whether a user is of the batch, and what was to be done with them is not done. */
  isUndone(id: string): boolean
  /** It waits for an account of another batch: this one ends without it. */
  putsOff(planned: PlannedSubject): void
  /** It is not as it was planned for, and is to be looked at anew once all others are done. */
  looksAgain(again: Again): void
}

export interface Again {
  readonly planned: PlannedSubject
  /** Why, for whoever is refused again. */
  readonly words: string
}

const SENT: Readonly<Partial<Record<string, Sent['outcome']>>> = {
  create: 'created',
  change: 'updated',
  delete: 'removed',
}

const DONE: ReadonlySet<OutcomeKind | undefined> = new Set(['updated', 'removed'])

export const openBatch = (
  given: Pick<BatchAtWork, 'realm' | 'writer' | 'signal' | 'runNames' | 'isLast'>,
  planned: readonly PlannedSubject[],
  outcomes: Map<string, Outcome>,
): BatchAtWork & { soFar(): BatchSoFar; takeAgain(): readonly Again[] } => {
  const { realm, runNames } = given
  const again: Again[] = []
  const ofBatch = new Map(planned.map(({ subject, change }) => [subject.id, change.mxid]))
  let rejected = 0
  return {
    ...given,
    soFar: () => ({ attempted: outcomes.size, rejected }),
    sends({ change: { mxid, rows }, requests }) {
      const outcome = SENT[requests.kind]
      if (outcome !== undefined) realm.unreported.note(mxid, { outcome, rows })
    },
    ends({ subject: { id, seen } }, outcome) {
      const sent = realm.unreported.of(outcome.mxid)
      const told = sent === undefined ? outcome : credited(outcome, sent, foundOf(seen.present, given))
      outcomes.set(outcome.mxid, withTouched(told, realm.unreported.touched(outcome.mxid)))
      if (outcome.outcome === 'rejected') rejected++
      runNames.gives(id, [])
    },
    isUndone(id) {
      const mxid = ofBatch.get(id)
      return mxid !== undefined && !DONE.has(outcomes.get(mxid)?.outcome)
    },
    putsOff: ({ subject: { id, gives = [] } }) => runNames.gives(id, gives),
    looksAgain(one) {
      const { requests, change } = one.planned
      // Whoever was to be made comes again only once it is known that they were not.
      if (requests.kind === 'create') realm.unreported.undo([change.mxid])
      again.push(one)
    },
    takeAgain: () => again.splice(0),
  }
}

const foundOf = (
  present: PlannedSubject['subject']['seen']['present'],
  { writer: { runId } }: Pick<BatchAtWork, 'writer'>,
): Parameters<typeof credited>[2] => {
  if (present === undefined) return 'nobody'
  return decodeMarks(present.attributes[MARKS.written] ?? [])?.createdBy === runId ? 'made by this run' : 'made before'
}
