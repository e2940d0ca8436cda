import type { Client } from 'pg'
import { decisions } from '../accounts/decisions/decisions.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { scopeRelations } from '../synapse/scope.ts'
import type { AccountDecision, Batch, DecidedSource } from '../targets/batch.ts'
import type { Outcome, Waits } from '../targets/changes.ts'
import type { ProgressListener } from '../targets/progress.ts'
import type { Target } from '../targets/target.ts'
import type { Candidates } from './find-candidates.ts'
import { type OutcomeTally, outcomeTally } from './outcome-tally.ts'
import { batchTimes, FAILED_BATCH } from './pacing/batch-times.ts'
import { freePace, type Pace } from './pacing/pace.ts'
import type { Prepared } from './prepare.ts'

/** A batch whose decision is made over its accounts only. */
export type ScopedBatch = Batch & { readonly source: DecidedSource }

export interface ConvergeOptions {
  readonly prepared: Pick<Prepared, 'target' | 'readers' | 'scout' | 'source'>
  readonly candidates: Candidates
  readonly progress: ProgressListener
  readonly signal: AbortSignal
  /** Does one batch and says what became of its accounts; several at the same time, each with readers of its own. */
  readonly perform: (batch: ScopedBatch, target: Target) => Promise<PerformedBatch>
  /** When batches may begin; absent: at once. */
  readonly pace?: Pace
}

export interface PerformedBatch {
  readonly outcomes: readonly Outcome[]
  /** What its changes say of their waiting. */
  readonly waited?: Waits | undefined
}

/**
 * Closes the difference between source and target, a batch of whole accounts after the other, as many at a time as there
 * are readers. After a failure nothing new begins, and what is under way is awaited. Where the pace ends the run early, the
 * accounts that are left are not attempted.
 */
export const converge = async (options: ConvergeOptions): Promise<OutcomeTally> => {
  const { prepared, candidates, progress, signal, pace = freePace } = options
  const tally = outcomeTally()
  tally.addUnchanged(candidates.recorded)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const pages = oneAtATime(candidates.pages())
  let ordinal = 0
  let done = 0
  const lane = async (reader: Client): Promise<void> => {
    for (;;) {
      signal.throwIfAborted()
      if (stop.signal.aborted) return
      const accounts = await pages.next()
      if (accounts === undefined) return
      if ((await pace.turn(accounts.length, either)) === 'stop') {
        tally.add(accounts, [])
        continue
      }
      const outcomes = await timed(pace, {
        read: () => scoped(prepared, reader, ordinal++, accounts),
        write: (batch) => options.perform(batch, prepared.target),
      })
      tally.add(accounts, outcomes)
      done += accounts.length
      progress.advance('accounts', done, candidates.count)
    }
  }
  try {
    const ended = await Promise.allSettled(
      prepared.readers.map((reader) =>
        lane(reader).catch((error: unknown) => {
          stop.abort(error)
          throw error
        }),
      ),
    )
    for (const one of ended) if (one.status === 'rejected') throw one.reason
    for await (const accounts of candidates.beyondLimit()) tally.add(accounts, [])
  } finally {
    await pages.close()
  }
  return tally
}

interface TimedBatch {
  readonly read: () => Promise<ScopedBatch>
  readonly write: (batch: ScopedBatch) => Promise<PerformedBatch>
}

/** Does a batch that has its turn, and tells the pace how long it took. */
const timed = async (pace: Pace, { read, write }: TimedBatch): Promise<readonly Outcome[]> => {
  let times = FAILED_BATCH
  try {
    const begun = performance.now()
    const batch = await read()
    const scopedAt = performance.now()
    const { outcomes, waited } = await write(batch)
    times = batchTimes({ outcomes, reading: scopedAt - begun, writing: performance.now() - scopedAt, waited })
    return outcomes
  } finally {
    pace.done(times)
  }
}

const scoped = async (
  { source: { relations, rules } }: ConvergeOptions['prepared'],
  reader: Client,
  ordinal: number,
  accounts: readonly AccountDecision[],
): Promise<ScopedBatch> => {
  const readers = [reader]
  const within = await scopeRelations({ relations, rules, readers, accounts: accounts.map(({ mxid }) => mxid) })
  return {
    ordinal,
    accounts,
    read: () => Promise.reject(new Syn2opError('internal', 'a target with a road by SQL reads rows, not accounts')),
    source: { decisions: decisions(within, rules), readers },
  }
}

/** Pages of one source for several who ask for the next one. */
const oneAtATime = (pages: AsyncGenerator<readonly AccountDecision[]>) => {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    next: (): Promise<readonly AccountDecision[] | undefined> => {
      const next = turn.then(async () => {
        const { value, done } = await pages.next()
        return done === true ? undefined : value
      })
      turn = next.catch(() => {})
      return next
    },
    close: async (): Promise<void> => {
      await turn
      await pages.return(undefined)
    },
  }
}
