import pLimit from 'p-limit'
import type { Client } from 'pg'
import type { Outcome } from '../../targets/changes.ts'
import type { RunIdentity, Target } from '../../targets/target.ts'
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
  /** Told after every batch that is committed. */
  readonly applied: (ordinal: number, outcomes: readonly Outcome[]) => Promise<void>
}

/**
 * Brings every account of the journal whose outcome is not known to its end: read, planned, intended, applied, reported.
 * After a failure no further batch begins; what is committed is in the journal.
 */
export const runBatches = async ({
  target,
  source,
  readers,
  journal,
  run,
  signal,
  applied,
}: BatchesToRun): Promise<void> => {
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  const limit = pLimit(readers.length)
  const idle = [...readers]

  const work = async (ordinal: number, names: readonly string[]): Promise<void> => {
    if (stop.aborted) return
    const reader = idle.pop()
    if (reader === undefined) throw new TypeError('more batches at work than readers')
    try {
      const outcomes = await attempt(async () => {
        const { batch, accounts } = await readBatch(reader, source, { ordinal, names })
        const changes = await target.plan(batch, { signal: stop })
        try {
          journal.intend(batch.accounts)
          return redactOutcomes(await target.apply(changes, { ...run, signal: stop }), accounts)
        } catch (error) {
          await changes.discard().catch(() => {})
          throw error
        }
      }, stop)
      journal.report(outcomes)
      await applied(ordinal, outcomes)
    } catch (error) {
      failed.abort(error)
      throw error
    } finally {
      idle.push(reader)
    }
  }

  const all: Promise<void>[] = []
  let after = 0
  for (let ordinal = 0; ; ordinal++) {
    const left = journal.left(after, target.batchSize)
    const last = left.at(-1)
    if (last === undefined) break
    after = last.position
    all.push(
      limit(
        work,
        ordinal,
        left.map(({ decision }) => decision.mxid),
      ),
    )
  }
  const ended = await Promise.allSettled(all)
  signal.throwIfAborted()
  const [failure] = ended.filter(({ status }) => status === 'rejected')
  if (failure?.status === 'rejected') throw failed.signal.reason ?? failure.reason
}
