import { setTimeout as sleep } from 'node:timers/promises'
import type { WriteAnswer } from '../api/users-api.ts'

/** Of what Keycloak answers when it fails itself. */
export const FAILED = 500

/** How often a request is tried before a failure of the server's counts as its answer. */
export const TRIES = 3
export const PAUSE_MS = 300

/** Repeats a request that may be repeated while the server fails over it: its database may just have come back. */
export const tryAgain = async (request: () => Promise<WriteAnswer>, signal: AbortSignal): Promise<WriteAnswer> => {
  for (let tried = 1; ; tried++) {
    const answer = await request()
    const hasFailed = answer.kind === 'refused' && answer.status >= FAILED
    if (!hasFailed || tried === TRIES) return answer
    await sleep(PAUSE_MS, undefined, { signal })
  }
}
