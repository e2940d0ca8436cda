import { EXIT } from '../errors/exit-codes.ts'
import type { StopSoon } from '../migration/pacing/stop-soon.ts'
import { interrupted } from './error-view.ts'

/** Signals closer together than this are one: npm passes on a Ctrl-C that the terminal already sent us. */
const SAME_KEYSTROKE_MS = 500

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface StopSignal {
  /** Aborted, with the error to end with, once the process was asked to stop at once. */
  readonly signal: AbortSignal
  /** For work that finishes what is under way when it is asked to stop for the first time. */
  readonly soon: StopSoon
  /** Gives the signals back to the process. */
  readonly dispose: () => void
}

const TEXTS = {
  soon: 'Finishing what is under way; then the run ends, and can be gone on with. Press Ctrl-C again to stop at once.',
  now: 'Stopping at once: what is under way is taken back. Press Ctrl-C again to end without that.',
  cleanly: 'Stopping cleanly; press Ctrl-C again to end at once.',
  ended: 'Ended at once, before that was done. `syn2op status` says what is left, and how to go on.',
} as const

/**
 * The first SIGINT, SIGTERM or SIGHUP lets work that is within `soon.finishing` finish what is under way; the next one,
 * or the first at any other time, aborts what runs, so that it can end cleanly; one more ends the process at once, with
 * exit code 130.
 */
export const listenForStop = (tell: (message: string) => void): StopSignal => {
  const now = new AbortController()
  const soon = new AbortController()
  let finishing = 0
  let last: number | undefined
  const stop = (): void => {
    const at = performance.now()
    if (last !== undefined && at - last <= SAME_KEYSTROKE_MS) return
    last = at
    if (now.signal.aborted) {
      tell(TEXTS.ended)
      // oxlint-disable-next-line unicorn/no-process-exit -- at once is what was asked for
      process.exit(EXIT.interrupted)
    } else if (finishing > 0 && !soon.signal.aborted) {
      tell(TEXTS.soon)
      soon.abort(interrupted())
    } else {
      tell(soon.signal.aborted ? TEXTS.now : TEXTS.cleanly)
      now.abort(interrupted())
    }
  }
  for (const name of STOP_SIGNALS) process.on(name, stop)
  return {
    signal: now.signal,
    soon: {
      asked: soon.signal,
      finishing: async (work) => {
        finishing++
        try {
          return await work()
        } finally {
          finishing--
        }
      },
    },
    dispose: () => {
      for (const name of STOP_SIGNALS) process.off(name, stop)
    },
  }
}
