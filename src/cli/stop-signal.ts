import { EXIT } from '../errors/exit-codes.ts'
import { interrupted } from './error-view.ts'

/** Signals closer together than this are one: npm passes on a Ctrl-C that the terminal already sent us. */
const SAME_KEYSTROKE_MS = 500

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface StopSignal {
  /** Aborted, with the error to end with, once the process was asked to stop. */
  readonly signal: AbortSignal
  /** Gives the signals back to the process. */
  readonly dispose: () => void
}

/**
 * The first SIGINT, SIGTERM or SIGHUP aborts what runs, so that it can end cleanly; the second ends the process at
 * once, with exit code 130.
 */
export const listenForStop = (tell: (message: string) => void): StopSignal => {
  const controller = new AbortController()
  let first: number | undefined
  const stop = (): void => {
    const now = performance.now()
    if (first === undefined) {
      first = now
      tell('Stopping cleanly; press Ctrl-C again to end at once.')
      controller.abort(interrupted())
    } else if (now - first > SAME_KEYSTROKE_MS) {
      // oxlint-disable-next-line unicorn/no-process-exit -- at once is what was asked for
      process.exit(EXIT.interrupted)
    }
  }
  for (const name of STOP_SIGNALS) process.on(name, stop)
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of STOP_SIGNALS) process.off(name, stop)
    },
  }
}
