import type { Client } from 'pg'
import type { Outcome, Waits } from '../../targets/changes.ts'
import type { RunIdentity, Target } from '../../targets/target.ts'
import { batchTimes, FAILED_BATCH } from '../pacing/batch-times.ts'
import { freePace, type Pace } from '../pacing/pace.ts'
import { attempt } from './attempt.ts'
import type { SlowJournal } from './journal.ts'
import { type DecidableSource, readBatch } from './read-batch.ts'
import { redactOutcomes } from './redact.ts'

export interface BatchesToRun {
  readonly target: Target
  readonly source: DecidableSource
  /** One for each batch that is worked on at the same time; in no transaction. */
  readonly readers: readonly Client[]
  readonly journal: SlowJournal
  readonly run: RunIdentity
  readonly signal: AbortSignal
  /** When batches may begin; absent: at once. */
  readonly pace?: Pace
  /** At most so many accounts; absent: all. */
  readonly limit?: number
  /** Told after every batch that is committed. */
  readonly applied: (ordinal: number, outcomes: readonly Outcome[]) => Promise<void>
}

/**
 * Brings every account of the journal whose outcome is not known to its end: read, planned, intended, applied, reported.
 * After a failure, or when the pace says stop, no further batch begins; what is under way is awaited, and what is
 * committed is in the journal.
 */
export const runBatches = async (batches: BatchesToRun): Promise<void> => {
  const { target, readers, journal, signal, pace = freePace, limit = Number.POSITIVE_INFINITY } = batches
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  let ordinal = 0
  let after = 0
  let taken = 0
  const lane = async (reader: Client): Promise<void> => {
    for (;;) {
      const left = journal.left(after, Math.min(pace.batchSize(target.batchSize), limit - taken))
      const last = left.at(-1)
      if (last === undefined || stop.aborted) return
      after = last.position
      taken += left.length
      if ((await pace.turn(left.length, stop)) === 'stop') return
      const names = left.map(({ decision }) => decision.mxid)
      await runBatch(batches, { reader, ordinal: ordinal++, names, stop, pace })
    }
  }
  const ended = await Promise.allSettled(
    readers.map((reader) =>
      lane(reader).catch((error: unknown) => {
        failed.abort(error)
        throw error
      }),
    ),
  )
  signal.throwIfAborted()
  if (ended.some(({ status }) => status === 'rejected')) throw failed.signal.reason
}

interface BatchAtWork {
  readonly reader: Client
  readonly ordinal: number
  readonly names: readonly string[]
  readonly stop: AbortSignal
  readonly pace: Pace
}

const runBatch = async (
  { target, source, journal, run, applied }: BatchesToRun,
  { reader, ordinal, names, stop, pace }: BatchAtWork,
): Promise<void> => {
  let times = FAILED_BATCH
  try {
    const outcomes = await attempt(async () => {
      const begun = performance.now()
      const { batch, accounts } = await readBatch(reader, source, { ordinal, names })
      const readAt = performance.now()
      const changes = await target.plan(batch, { signal: stop, depth: 'quick' })
      try {
        journal.intend(batch.accounts)
        const told = redactOutcomes(
          await target.apply(changes, { ...run, signal: stop, enough: pace.enough }),
          accounts,
        )
        const waited: Waits | undefined = changes.waited?.()
        times = batchTimes({ outcomes: told, reading: readAt - begun, writing: performance.now() - readAt, waited })
        return told
      } catch (error) {
        await changes.discard().catch(() => {})
        throw error
      }
    }, stop)
    journal.report(outcomes)
    await applied(ordinal, outcomes)
  } finally {
    pace.done(times)
  }
}
