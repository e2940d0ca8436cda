import type { Client } from 'pg'
import type { Outcome, Waits } from '../../targets/changes.ts'
import type { RunIdentity, Target } from '../../targets/target.ts'
import { batchTimes, FAILED_BATCH } from '../pacing/batch-times.ts'
import { freePace, type Pace } from '../pacing/pace.ts'
import { attempt } from './attempt.ts'
import type { SlowJournal } from './journal.ts'
import { inLanes } from './lanes.ts'
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
  /** Told when it takes longer until the target or the source answers again. */
  readonly note?: (message: string) => void
  /** Told after every batch that is committed, of whom it brought to an end. */
  readonly applied: (ordinal: number, outcomes: readonly Outcome[]) => Promise<void>
}

/**
 * Brings every account of the journal whose outcome is not known to its end: read, planned, intended, applied, reported.
 * Whoever waits for others comes once more after all of them. After a failure, or when the pace says stop, no further
 * batch begins; what is under way is awaited, and what is committed is in the journal.
 */
export const runBatches = async (batches: BatchesToRun): Promise<void> => {
  const { journal, limit = Number.POSITIVE_INFINITY } = batches
  let after = 0
  let taken = 0
  const waiting: string[][] = []
  const isOver = await takeAll(batches, {
    next: (size) => {
      const left = journal.left(after, Math.min(size, limit - taken))
      after = left.at(-1)?.position ?? after
      // Of whoever is held back as decided, seldom is anything there to be done about.
      taken += left.filter(({ decision }) => decision.decision !== 'hold back').length
      return left.map(({ decision }) => decision.mxid)
    },
    waits: (ordinal, names) => {
      waiting[ordinal] = [...names]
    },
  })
  const late = waiting.flat()
  if (!isOver || late.length === 0) return
  await takeAll(batches, { next: (size) => late.splice(0, size), firstOrdinal: waiting.length })
}

interface Pass {
  /** The names of the next batch of at most this size; none: there is no further one. */
  readonly next: (size: number) => readonly string[]
  /** Told of accounts that wait for others; absent: nobody can wait any more. */
  readonly waits?: (ordinal: number, names: readonly string[]) => void
  readonly firstOrdinal?: number
}

/** @returns whether all of them had their turn: nobody asked for an early end. */
const takeAll = async (batches: BatchesToRun, pass: Pass): Promise<boolean> => {
  const { target, readers, signal, pace = freePace } = batches
  let ordinal = pass.firstOrdinal ?? 0
  const lane = async (reader: Client, stop: AbortSignal): Promise<void> => {
    for (;;) {
      const names = pass.next(pace.batchSize(target.batchSize))
      if (names.length === 0 || stop.aborted) return
      if ((await pace.turn(names.length, stop)) === 'stop') return
      await runBatch(batches, { reader, ordinal: ordinal++, names, stop, pace, pass })
    }
  }
  await inLanes(readers, lane, { signal })
  return pace.ended() === undefined
}

interface BatchAtWork {
  readonly reader: Client
  readonly ordinal: number
  readonly names: readonly string[]
  readonly stop: AbortSignal
  readonly pace: Pace
  readonly pass: Pass
}

const runBatch = async (
  { target, source, journal, run, note, applied }: BatchesToRun,
  { reader, ordinal, names, stop, pace, pass }: BatchAtWork,
): Promise<void> => {
  let times = FAILED_BATCH
  const last = pass.waits === undefined ? ({ last: true } as const) : {}
  const enough = (): boolean => pace.enough({ attempted: 0, rejected: 0 })
  let firstTried: ReadonlySet<string> = new Set()
  try {
    const outcomes = await attempt(
      async () => {
        const begun = performance.now()
        const { batch, accounts } = await readBatch(reader, source, { ordinal, names })
        const readAt = performance.now()
        const changes = await target.plan(batch, { signal: stop, depth: 'quick', ...last })
        try {
          firstTried = journal.intend(batch.accounts)
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
      },
      { signal: stop, enough, ...(note === undefined ? {} : { note }) },
    )
    const left = outcomes.flatMap(({ mxid, outcome }) => (outcome === 'not attempted' ? [mxid] : []))
    const comesBack = pass.waits !== undefined && !stop.aborted && pace.ended() === undefined
    const ended = comesBack ? outcomes.filter(({ outcome }) => outcome !== 'not attempted') : outcomes
    if (comesBack && left.length > 0) pass.waits?.(ordinal, left)
    journal.report(ended)
    // Of whom an earlier try may have sent something, the last one cannot tell.
    const isUntouched = ({ mxid, outcome, unclear }: Outcome): boolean =>
      outcome === 'not attempted' && unclear === undefined && firstTried.has(mxid)
    journal.spare(outcomes.filter(isUntouched).map(({ mxid }) => mxid))
    await applied(ordinal, ended)
  } finally {
    pace.done(times)
  }
}
