import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makePace, type PaceOptions } from '../../../../src/migration/pacing/make-pace.ts'
import type { BatchTimes } from '../../../../src/migration/pacing/pace.ts'
import type { Pause } from '../../../../src/migration/pacing/pause.ts'
import type { Bound } from '../../../../src/targets/progress.ts'
import { fakeClock, settled } from '../../../support/fake-clock.ts'

const { signal: never } = new AbortController()

const batchesOf = (accounts: number, count: number): readonly number[] => Array.from({ length: count }, () => accounts)

const quick = (accounts: number, rejected = 0): BatchTimes => ({ accounts, rejected, source: 1, target: 1 })

const makePause = (): Pause & { set(paused: boolean): void } => {
  const listeners = new Set<() => void>()
  let paused = false
  return {
    isPaused: () => paused,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set: (now) => {
      paused = now
      for (const listener of listeners) listener()
    },
  }
}

/** Lanes that take batches of these sizes, each of which takes a second, until they are told to stop or have them all. */
const work = (options: Omit<PaceOptions, 'clock'>, sizes: readonly number[]) => {
  const clock = fakeClock()
  const pace = makePace({ ...options, clock })
  const begun: { readonly at: number; readonly accounts: number }[] = []
  const answers: string[] = []
  const left = [...sizes]
  let working = 0
  let most = 0
  const lane = async (): Promise<void> => {
    for (;;) {
      const accounts = left.shift()
      if (accounts === undefined) return
      const answer = await pace.turn(accounts, never)
      if (answer === 'stop') {
        answers.push(answer)
        return
      }
      begun.push({ at: clock.now(), accounts })
      most = Math.max(most, ++working)
      await new Promise<void>((resolve) => clock.after(1000, resolve))
      working--
      pace.done({ accounts, rejected: 0, source: 500, target: 500 })
    }
  }
  const all = Promise.all(Array.from({ length: options.concurrency }, lane))
  return { clock, pace, begun, answers, all, most: () => most, working: () => working }
}

describe('a rate', () => {
  it('holds over any time, but for one batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 }),
        async (maxRate, concurrency, sizes) => {
          const { clock, begun } = work({ concurrency, maxRate }, sizes)
          await clock.advance(1e8)
          expect(begun).toHaveLength(sizes.length)
          const largest = Math.max(...sizes)
          for (const [first, { at: from }] of begun.entries()) {
            let accounts = 0
            for (const { at, accounts: more } of begun.slice(first)) {
              accounts += more
              expect(accounts).toBeLessThanOrEqual((maxRate * (at - from)) / 1000 + largest + 1e-6)
            }
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('is reached by a run that has enough to do', async () => {
    const { clock, begun, pace } = work({ concurrency: 4, maxRate: 10 }, batchesOf(10, 200))
    await clock.advance(100_000)
    expect(begun.length).toBeGreaterThanOrEqual(100)
    expect(pace.bound()).toBe('rate')
  })

  it('makes batches no larger than what a second allows, and none empty', () => {
    const { batchSize } = makePace({ concurrency: 1, maxRate: 0.5 })
    expect(batchSize(5000)).toBe(1)
    expect(makePace({ concurrency: 1, maxRate: 20 }).batchSize(5000)).toBe(20)
    expect(makePace({ concurrency: 1, maxRate: 1e6 }).batchSize(5000)).toBe(5000)
    expect(makePace({ concurrency: 1 }).batchSize(5000)).toBe(5000)
  })
})

describe('a pause', () => {
  it('lets nothing begin, and what is under way end; afterwards the run goes on', async () => {
    const pause = makePause()
    const bounds: (Bound | undefined)[] = []
    const { clock, begun, working, pace } = work(
      { concurrency: 2, pause, onBound: (bound) => void bounds.push(bound) },
      batchesOf(1, 20),
    )
    await clock.advance(2500)
    pause.set(true)
    expect(pace.bound()).toBe('paused')
    const before = begun.length
    expect(working()).toBe(2)
    await clock.advance(3_600_000)
    expect(begun).toHaveLength(before)
    expect(working()).toBe(0)
    expect(bounds.at(-1)).toBe('paused')
    pause.set(false)
    await clock.advance(60_000)
    expect(begun).toHaveLength(20)
    expect(bounds.at(-1)).not.toBe('paused')
  })

  it('can be stopped in', async () => {
    const pause = makePause()
    pause.set(true)
    const stop = new AbortController()
    const { clock, answers, all } = work({ concurrency: 2, pause, stopSoon: stop.signal }, [1, 1, 1])
    await clock.advance(1000)
    stop.abort()
    await all
    expect(answers).toEqual(['stop', 'stop'])
  })
})

describe('the end before the end', () => {
  it('comes when it is asked for: what is under way ends, nothing more begins', async () => {
    const stop = new AbortController()
    const { clock, begun, pace, all, working } = work({ concurrency: 3, stopSoon: stop.signal }, batchesOf(1, 50))
    await clock.advance(3500)
    const before = begun.length
    stop.abort()
    await clock.advance(10_000)
    await all
    expect(begun).toHaveLength(before)
    expect(working()).toBe(0)
    expect(pace.ended()).toBe('stopped')
  })

  it('comes when too many are rejected', async () => {
    const pace = makePace({ concurrency: 1, maxRejected: { count: 2 } })
    for (const rejected of [1, 1]) {
      expect(await pace.turn(10, never)).toBe('go')
      pace.done(quick(10, rejected))
    }
    expect(pace.ended()).toBeUndefined()
    expect(await pace.turn(10, never)).toBe('go')
    pace.done(quick(10, 1))
    expect(await pace.turn(10, never)).toBe('stop')
    expect(pace.ended()).toBe('too many rejected')
  })

  it('comes within a batch too, where that alone has rejected too many', async () => {
    const pace = makePace({ concurrency: 1, maxRejected: { count: 2 } })
    await pace.turn(10, never)
    pace.done(quick(10, 1))
    await pace.turn(1000, never)
    expect(pace.enough({ attempted: 500, rejected: 1 })).toBe(false)
    expect(pace.ended()).toBeUndefined()
    expect(pace.enough({ attempted: 501, rejected: 2 })).toBe(true)
    expect(pace.ended()).toBe('too many rejected')
  })

  it('comes within a batch by the share of all that were attempted, those that were written among them', async () => {
    const pace = makePace({ concurrency: 1, maxRejected: { percent: 2 } })
    await pace.turn(5000, never)
    // One in a hundred, and one by one.
    for (let rejected = 1; rejected <= 51; rejected++) {
      expect(pace.enough({ attempted: rejected * 98, rejected })).toBe(false)
    }
    expect(pace.enough({ attempted: 2500, rejected: 51 })).toBe(true)
  })

  it('at once: whoever waits fails with the reason', async () => {
    const now = new AbortController()
    const pause = makePause()
    pause.set(true)
    const waiting = makePace({ concurrency: 1, pause }).turn(1, now.signal)
    await settled()
    const reason = new Error('now')
    now.abort(reason)
    await expect(waiting).rejects.toBe(reason)
  })
})

describe('lanes', () => {
  it('are as many as were asked for, and never more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 30 }), async (concurrency, count) => {
        const { clock, most, begun } = work({ concurrency }, batchesOf(1, count))
        await clock.advance(1e6)
        expect(begun).toHaveLength(count)
        expect(most()).toBe(Math.min(concurrency, count))
      }),
      { numRuns: 30 },
    )
  })

  it('become fewer at a target that suffers, and more when it has recovered', async () => {
    const clock = fakeClock()
    const pace = makePace({ concurrency: 8, clock })
    /** Rounds of eight batches that would all begin at once; tells how many had their turn together, at most. */
    const rounds = async (count: number, latency: number): Promise<number> => {
      let most = 0
      for (let round = 0; round < count; round++) {
        let working = 0
        const lane = async (): Promise<void> => {
          await pace.turn(100, never)
          most = round < count - 1 ? most : Math.max(most, ++working)
          await new Promise<void>((resolve) => clock.after(latency * 100, resolve))
          if (round === count - 1) working--
          pace.done({ accounts: 100, rejected: 0, source: 0, target: latency * 100 })
        }
        const all = Promise.all(Array.from({ length: 8 }, lane))
        await clock.advance(1e7)
        await all
      }
      return most
    }
    expect(await rounds(5, 1)).toBe(8)
    expect(await rounds(2, 10)).toBeLessThan(8)
    expect(await rounds(20, 1)).toBe(8)
  })
})
