import pLimit from 'p-limit'
import { firstPace, nextPace, type PaceBounds } from './pace.ts'

/** Lets so many pieces of work go on at once as make the server fastest, by what it is seen to do. */
export interface AdaptiveLimit {
  /** @param users that the work is about: what is measured is users in a second */
  run<Result>(work: () => Promise<Result>, users?: number): Promise<Result>
  /** How many may go on at once by now. */
  concurrency(): number
}

const FIRST = 2
const BOUNDS: PaceBounds = { least: 1, most: 6 }

/** A measurement takes at least so long, in milliseconds, and so many pieces of work for each that goes on at once. */
const SHORTEST_MS = 500
const ROUNDS = 3

/** In which part of a measurement as many as are allowed must be under way: else the limit is not what holds the work up. */
const BUSY = 0.8

interface Measurement {
  readonly since: number
  /** Pieces that were begun under another limit end first, and do not count. */
  readonly skipped: number
  readonly ended: number
  readonly busy: number
  readonly users: number
}

const begun = (skipped: number): Measurement => ({ since: performance.now(), skipped, ended: 0, busy: 0, users: 0 })

export const openAdaptiveLimit = (): AdaptiveLimit => {
  const limit = pLimit(FIRST)
  let pace = firstPace(FIRST)
  let measurement = begun(0)

  const conclude = (): void => {
    const seconds = (performance.now() - measurement.since) / 1000
    if (measurement.ended < ROUNDS * pace.limit || seconds * 1000 < SHORTEST_MS) return
    const { users, ended, busy } = measurement
    const before = pace.limit
    if (busy >= ended * BUSY) pace = nextPace(pace, users / seconds, BOUNDS)
    limit.concurrency = pace.limit
    measurement = begun(pace.limit === before ? 0 : before)
  }
  const note = (users: number): void => {
    const { skipped } = measurement
    if (skipped > 0) {
      measurement = begun(skipped - 1)
      return
    }
    measurement = {
      ...measurement,
      ended: measurement.ended + 1,
      busy: measurement.busy + (limit.activeCount >= pace.limit ? 1 : 0),
      users: measurement.users + users,
    }
    conclude()
  }
  return {
    run: (work, users = 1) =>
      limit(async () => {
        // After a time in which nothing was asked for, it is measured anew.
        if (limit.activeCount === 1 && limit.pendingCount === 0) measurement = begun(0)
        try {
          return await work()
        } finally {
          note(users)
        }
      }),
    concurrency: () => limit.concurrency,
  }
}
