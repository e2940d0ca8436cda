import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT } from '../../errors/exit-codes.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'

const ATTEMPTS = 4
const FIRST_PAUSE_MS = 250

/**
 * Tries again what failed because the target or the source did not answer, with longer pauses each time. Whatever was
 * done before is found by its natural keys.
 */
export const attempt = async <Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> => {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      const unavailable = error instanceof Syn2opError && error.exitCode === EXIT.unavailable
      if (!unavailable || tried === ATTEMPTS || signal.aborted) throw error
      await sleep(FIRST_PAUSE_MS * 2 ** (tried - 1), undefined, { signal })
    }
  }
}
