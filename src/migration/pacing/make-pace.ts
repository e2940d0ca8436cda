import type { Bound } from '../../targets/progress.ts'
import type { BatchSoFar } from '../../targets/target.ts'
import { type Clock, systemClock } from './clock.ts'
import { allLanes, allowedLanes, learn } from './lanes.ts'
import type { BatchTimes, EndedEarly, Pace } from './pace.ts'
import { neverPaused, type Pause } from './pause.ts'
import { afterBatch, batchSizeAt } from './rate.ts'
import { type RejectionLimit, tooManyRejected } from './rejections.ts'
import { boundOf, nothingSpent, spend } from './time-spent.ts'

export interface PaceOptions {
  /** How many batches may be at work at the same time. */
  readonly concurrency: number
  /** Accounts per second. */
  readonly maxRate?: number
  readonly maxRejected?: RejectionLimit
  /** Aborted when no further batch is to begin. */
  readonly stopSoon?: AbortSignal
  readonly pause?: Pause
  readonly clock?: Clock
  /** Told whenever what bounds the run may have changed. */
  readonly onBound?: (bound: Bound | undefined) => void
}

/** What keeps a batch from its turn, and until when where that is known. */
type Obstacle = { readonly by: 'paused' | 'lanes' } | { readonly by: 'rate'; readonly milliseconds: number }

/** The pace of one run. */
export const makePace = (options: PaceOptions): Pace => {
  const { concurrency, maxRate, maxRejected, stopSoon, pause = neverPaused, clock = systemClock } = options
  const ends = new Set<() => void>()
  let mayBegin = clock.now()
  let lanes = allLanes(concurrency)
  let spent = nothingSpent
  let waitedForRate = 0
  let working = 0
  let attempted = 0
  let rejected = 0
  let ended: EndedEarly | undefined

  /** @param atWork what has come about of a batch that has not ended. */
  const stopReason = (atWork: BatchSoFar = { attempted: 0, rejected: 0 }): EndedEarly | undefined => {
    const counted = { attempted: attempted + atWork.attempted, rejected: rejected + atWork.rejected }
    if (maxRejected !== undefined && tooManyRejected(maxRejected, counted)) return 'too many rejected'
    return stopSoon?.aborted === true ? 'stopped' : undefined
  }
  const obstacle = (): Obstacle | undefined => {
    if (pause.isPaused()) return { by: 'paused' }
    if (working >= allowedLanes(lanes)) return { by: 'lanes' }
    const milliseconds = mayBegin - clock.now()
    return maxRate !== undefined && milliseconds > 0 ? { by: 'rate', milliseconds } : undefined
  }
  const bound = (): Bound | undefined => (pause.isPaused() ? 'paused' : boundOf(spent))
  const tell = (): void => options.onBound?.(bound())

  /** Until a batch ends, somebody pauses, goes on or stops, or so many milliseconds are over. */
  const change = (signal: AbortSignal, milliseconds?: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        for (const undo of undos) undo()
        resolve()
      }
      const undos = [
        pause.onChange(end),
        ...[signal, ...(stopSoon === undefined ? [] : [stopSoon])].map((one) => {
          one.addEventListener('abort', end, { once: true })
          return () => one.removeEventListener('abort', end)
        }),
        ...(milliseconds === undefined ? [] : [clock.after(milliseconds, end)]),
        () => ends.delete(end),
      ]
      ends.add(end)
    })

  return {
    async turn(accounts, signal) {
      for (;;) {
        signal.throwIfAborted()
        ended ??= stopReason()
        if (ended !== undefined) return 'stop'
        const inTheWay = obstacle()
        if (inTheWay === undefined) break
        const from = clock.now()
        tell()
        await change(signal, inTheWay.by === 'rate' ? inTheWay.milliseconds : undefined)
        if (inTheWay.by === 'rate') waitedForRate += clock.now() - from
      }
      working++
      if (maxRate !== undefined) mayBegin = afterBatch(mayBegin, { accounts, rate: maxRate, now: clock.now() })
      tell()
      return 'go'
    },

    done(batch: BatchTimes) {
      const { accounts, source, target, network = 0, quota = 0 } = batch
      attempted += accounts
      rejected += batch.rejected
      lanes = learn(lanes, { accounts, milliseconds: target, working })
      working--
      spent = spend(spent, { source, target, network, quota, rate: waitedForRate })
      waitedForRate = 0
      tell()
      for (const end of ends) end()
    },

    enough: (soFar) => {
      ended ??= stopReason(soFar)
      return ended !== undefined
    },

    batchSize: (most) => batchSizeAt(maxRate, most),
    ended: () => ended,
    bound,
  }
}
