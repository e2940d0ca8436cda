import type { Outcome } from '../../changes.ts'
import { type BatchBook, openBook } from '../../slow-road/batch-book.ts'
import type { credited, Sent } from '../../slow-road/credit.ts'
import type { BatchSoFar } from '../../target.ts'
import { decodeMarks, MARKS } from '../accounts/marks.ts'
import type { Writer } from '../accounts/user-rules.ts'
import type { PresentUser } from '../api/user.ts'
import type { Auth0Changes } from '../plan/plan-batch.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { AboutConnection, Auth0Tenant } from '../tenant.ts'

/** A batch while it is applied: who writes, and how everybody has ended so far. */
export interface BatchAtWork extends Pick<Auth0Changes, 'runNames' | 'isLast'>, BatchBook<PlannedSubject, Again> {
  readonly tenant: Auth0Tenant
  readonly about: AboutConnection
  readonly writer: Writer
  /** For the jobs' own name of theirs, beside the run's. */
  readonly ordinal: number
  /** For requests that write. */
  readonly signal: AbortSignal
  /** Aborted some time before it. */
  readonly stop: AbortSignal
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
  rehash: 'updated',
  reimport: 'updated',
  delete: 'removed',
}

export const openBatch = (
  given: Omit<BatchAtWork, keyof BatchBook<PlannedSubject, Again>>,
  outcomes: Map<string, Outcome>,
): BatchAtWork & { soFar(): BatchSoFar; takeAgain(): readonly Again[] } => {
  const { tenant, runNames, writer } = given
  const book = openBook<PlannedSubject, Again>(
    {
      unreported: tenant.unreported,
      runNames,
      sent: SENT,
      foundOf: ({ subject: { seen } }) => foundOf(seen.present, writer),
    },
    outcomes,
  )
  return {
    ...given,
    ...book,
    sends(planned) {
      tenant.census.writes()
      book.sends(planned)
    },
  }
}

/** Who makes a user: of somebody who was deleted to be made anew, the run that made them first. */
export const writerOf = ({ tenant, writer }: Pick<BatchAtWork, 'tenant' | 'writer'>, id: string): Writer => ({
  ...writer,
  runId: tenant.gone.of(id)?.createdBy ?? writer.runId,
})

/** Whether a user was made by a run. */
const isMadeBy = ({ appMetadata }: PresentUser, { runId }: Pick<Writer, 'runId'>): boolean =>
  decodeMarks(appMetadata[MARKS])?.createdBy === runId

const foundOf = (present: PresentUser | undefined, writer: Writer): Parameters<typeof credited>[2] => {
  if (present === undefined) return 'nobody'
  return isMadeBy(present, writer) ? 'made by this run' : 'made before'
}
