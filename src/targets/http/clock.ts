import { stoppedBy } from './stopped-by.ts'

/** The time by which work is paced; given from outside, so that tests need not wait. Milliseconds since 1970, never backwards. */
export interface Clock {
  now(): number
  /** @throws the signal's reason, at once when it is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** This machine's. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const abort = (): void => {
        clearTimeout(timer)
        reject(stoppedBy(signal))
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', abort)
        resolve()
      }, ms)
      signal.addEventListener('abort', abort, { once: true })
    }),
}
