import type { Clock } from '../../http/clock.ts'
import { mayPassSoon } from '../api/may-pass-soon.ts'

/** How often a request is tried to which no answer comes, or over which Auth0 fails. */
const TRIES = 3
const FIRST_PAUSE_MS = 1000

/**
 * Repeats a request that does no more when it is done twice.
 * @throws what the last one throws
 */
export const tryAgain = async <Answer>(
  request: () => Promise<Answer>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Answer> => {
  for (let tried = 1; ; tried++) {
    try {
      return await request()
    } catch (error) {
      if (!mayPassSoon(error) || tried === TRIES || signal.aborted) throw error
    }
    await clock.sleep(FIRST_PAUSE_MS * 2 ** (tried - 1), signal)
  }
}
