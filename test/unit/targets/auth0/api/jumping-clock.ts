import type { Clock } from '../../../../../src/targets/http/clock.ts'
import { stoppedBy } from '../../../../../src/targets/http/stopped-by.ts'

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/** A clock whose time passes while somebody sleeps, and then at once. */
export const jumpingClock = (start = Date.UTC(2026, 10, 23, 4)): Clock => {
  let now = start
  const sleepers = new Set<Sleeper>()
  const jump = (): void => {
    const [next] = [...sleepers].toSorted((one, other) => one.until - other.until)
    if (next === undefined) return
    now = Math.max(now, next.until)
    sleepers.delete(next)
    next.wake()
  }
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(stoppedBy(signal))
        })
        setImmediate(jump)
      }),
  }
}
