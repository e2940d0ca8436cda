import type { Clock } from '../../http/clock.ts'
import { stoppedBy } from '../../http/stopped-by.ts'
import type { Limit } from './limits.ts'

/** Lets so many in as a limit allows, in the order in which they came. */
export interface Bucket {
  /** @throws the signal's reason, at once when it is aborted */
  take(signal: AbortSignal): Promise<void>
  /** Not more than so many are left: a server knows better. Below nought the next one waits longer. */
  lower(left: number): void
  /** Nobody is let in for so many milliseconds. */
  closeFor(ms: number): void
}

interface Waiter {
  readonly go: () => void
  readonly fail: (error: Error) => void
}

/** What a sum of parts may lack of one. */
const ROUNDING = 1e-9

/** Full at first. */
export const openBucket = ({ burst, perSecond }: Limit, clock: Clock): Bucket => {
  const queue: Waiter[] = []
  let left = burst
  let asOf = clock.now()
  let closedUntil = asOf
  let pump: AbortController | undefined

  const fill = (): number => {
    const now = clock.now()
    left = Math.min(burst, left + ((now - asOf) / 1000) * perSecond)
    asOf = now
    return now
  }
  /** Milliseconds until one more is let in. */
  const delay = (): number => {
    const now = fill()
    const lacking = left + ROUNDING >= 1 ? 0 : ((1 - left) / perSecond) * 1000
    return Math.ceil(Math.max(closedUntil - now, lacking))
  }
  const letIn = async (stop: AbortController): Promise<void> => {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const ms = delay()
      if (ms > 0) {
        await clock.sleep(ms, stop.signal)
        continue
      }
      queue.shift()
      left -= 1
      next.go()
    }
  }
  const start = (): void => {
    const stop = new AbortController()
    pump = stop
    letIn(stop)
      .catch((error: unknown) => {
        if (stop.signal.aborted) return
        const failed = error instanceof Error ? error : new Error('The clock stands still', { cause: error })
        for (const { fail } of queue.splice(0)) fail(failed)
      })
      .finally(() => {
        if (pump === stop) pump = undefined
        if (pump === undefined && queue.length > 0) start()
      })
  }

  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const leave = (): void => {
          queue.splice(queue.indexOf(waiter), 1)
          if (queue.length === 0) pump?.abort()
          reject(stoppedBy(signal))
        }
        const rest = (): void => signal.removeEventListener('abort', leave)
        const waiter: Waiter = {
          go: () => {
            rest()
            resolve()
          },
          fail: (error) => {
            rest()
            reject(error)
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        queue.push(waiter)
        if (pump === undefined || pump.signal.aborted) start()
      }),
    lower: (seen) => {
      fill()
      left = Math.max(Math.min(left, seen), -burst)
    },
    closeFor: (ms) => {
      closedUntil = Math.max(closedUntil, clock.now() + ms)
    },
  }
}
