import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { RunEvent } from '../../report/run-record.ts'
import type { MigrationRequest } from '../request.ts'
import { readRun } from '../runs/read-run.ts'

/** How many accounts a run has attempted while it had a limit, since it had none. */
export const attemptedWithin = (events: readonly RunEvent[]): number => {
  let attempted = 0
  let isLimited = false
  for (const event of events) {
    if (event.event === 'started') {
      isLimited = event.limit !== undefined
      if (!isLimited) attempted = 0
    } else if (event.event === 'batch' && isLimited) {
      const { notAttempted: _, ...counts } = event.accounts
      attempted += Object.values(counts).reduce((sum, count) => sum + count, 0)
    }
  }
  return attempted
}

/**
 * How many accounts a run may attempt: of one that goes on with another, what that has left of its limit, as far as the
 * folder of the runs knows.
 * @param resumes the run that is gone on with.
 * @throws Syn2opError run.unreadable
 */
export const limitLeft = async (
  { limit, runs }: Pick<MigrationRequest, 'limit' | 'runs'>,
  resumes: string | undefined,
): Promise<number | undefined> => {
  if (limit === undefined || runs === undefined || resumes === undefined) return limit
  return Math.max(0, limit - attemptedWithin(await eventsOf(runs, resumes)))
}

/** Of a run and of those that it went on with, the oldest first. */
const eventsOf = async (runs: string, runId: string): Promise<readonly RunEvent[]> => {
  const events = await readRun(runs, runId).then(
    (run) => run.events,
    (error: unknown) => {
      if (error instanceof Syn2opError && error.code === 'run.missing') return []
      throw error
    },
  )
  const [first] = events.flatMap((event) => (event.event === 'started' ? [event] : []))
  const earlier = first?.resumes
  return earlier === undefined || earlier >= runId ? events : [...(await eventsOf(runs, earlier)), ...events]
}
