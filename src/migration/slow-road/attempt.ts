import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorCode } from '../../errors/catalogue.ts'
import { EXIT } from '../../errors/exit-codes.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'

/**
 * How long a server that does not answer is waited for, milliseconds: one that is started anew takes some of it. A connection to
 * a database does not come back by waiting.
 */
const PATIENCE_MS = 120_000

/** So often it is tried whatever that takes: an answer that does not come may take a minute to do so. */
const LEAST_TRIES = 4

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000

/** From such a pause on whoever watches is told. */
const TOLD_MS = 2000

/** How often a pause looks whether it is still wanted. */
const LOOK_MS = 500

/** What has been tried in vain. */
export interface Tried {
  readonly code: ErrorCode
  readonly times: number
  /** Milliseconds since the first failure. */
  readonly waited: number
  /** Milliseconds that the server asked to be left alone for. */
  readonly retryAfter?: number
}

/** @returns milliseconds until it is tried again; undefined: never */
export const pauseAfter = ({ code, times, waited, retryAfter = 0 }: Tried): number | undefined => {
  const pause = Math.max(retryAfter, Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS))
  if (retryAfter > PATIENCE_MS) return undefined
  const patience = code === 'server.unreachable' ? PATIENCE_MS : 0
  return times < LEAST_TRIES || waited + pause <= patience ? pause : undefined
}

export interface Attempting {
  readonly signal: AbortSignal
  /** Asked in pauses. True: it is not tried any more. */
  readonly enough?: () => boolean
  /** Told once, when it takes longer. */
  readonly note?: (message: string) => void
}

/**
 * Tries again what failed because the target or the source did not answer, with longer pauses each time, a server for two minutes
 * or as it asks. Whatever was done before is found by its natural keys.
 */
export const attempt = async <Result>(
  work: () => Promise<Result>,
  { signal, enough = () => false, note = () => {} }: Attempting,
): Promise<Result> => {
  let failedAt: number | undefined
  let isTold = false
  for (let times = 1; ; times++) {
    try {
      return await work()
    } catch (error) {
      failedAt ??= performance.now()
      const pause = signal.aborted ? undefined : pauseOf(error, times, performance.now() - failedAt)
      if (pause === undefined) throw error
      if (!isTold && pause >= TOLD_MS && error instanceof Error) {
        isTold = true
        note(`${error.message}: trying again for up to ${PATIENCE_MS / 60_000} minutes`)
      }
      const until = performance.now() + pause
      for (let left = pause; left > 0; left = until - performance.now()) {
        if (enough()) throw error
        await sleep(Math.min(left, LOOK_MS), undefined, { signal })
      }
    }
  }
}

const pauseOf = (error: unknown, times: number, waited: number): number | undefined => {
  if (!(error instanceof Syn2opError) || error.exitCode !== EXIT.unavailable) return undefined
  const { code, retryAfter } = error
  return pauseAfter({ code, times, waited, ...(retryAfter === undefined ? {} : { retryAfter }) })
}
