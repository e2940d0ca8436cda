import type { Outcome, OutcomeKind } from '../../changes.ts'
import { type BatchBook, openBook } from '../../slow-road/batch-book.ts'
import type { credited, Sent } from '../../slow-road/credit.ts'
import type { BatchSoFar } from '../../target.ts'
import { decodeMarks } from '../accounts/marks.ts'
import type { RealmDefaults, Writer } from '../accounts/user-import.ts'
import { MARKS } from '../accounts/user-rules.ts'
import type { KeycloakChanges } from '../plan/plan-batch.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { KeycloakRealm } from '../realm.ts'

/** A batch while it is applied: who writes, and how everybody has ended so far. */
export interface BatchAtWork extends Pick<KeycloakChanges, 'runNames' | 'isLast'>, BatchBook<PlannedSubject, Again> {
  readonly realm: KeycloakRealm
  readonly writer: Writer & RealmDefaults
  /** For requests that write. */
  readonly signal: AbortSignal
  /** Whether a user is of the batch, and what was to be done with them is not done. */
  isUndone(id: string): boolean
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
  const ofBatch = new Map(planned.map(({ subject, change }) => [subject.id, change.mxid]))
  const book = openBook<PlannedSubject, Again>(
    {
      unreported: realm.unreported,
      runNames,
      sent: SENT,
      foundOf: ({ subject: { seen } }) => foundOf(seen.present, given),
    },
    outcomes,
  )
  return {
    ...given,
    ...book,
    isUndone(id) {
      const mxid = ofBatch.get(id)
      return mxid !== undefined && !DONE.has(outcomes.get(mxid)?.outcome)
    },
  }
}

const foundOf = (
  present: PlannedSubject['subject']['seen']['present'],
  { writer: { runId } }: Pick<BatchAtWork, 'writer'>,
): Parameters<typeof credited>[2] => {
  if (present === undefined) return 'nobody'
  return decodeMarks(present.attributes[MARKS.written] ?? [])?.createdBy === runId ? 'made by this run' : 'made before'
}
