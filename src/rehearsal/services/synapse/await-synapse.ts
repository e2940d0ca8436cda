import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { awaitHealth } from '../mas/await-health.ts'
import { START_MS } from './synapse-service.ts'

export interface StartingSynapse {
  readonly url: string
  /** What runs, for people. */
  readonly what: string
  hasEnded(): boolean
  /** Its last words. */
  words(): readonly string[] | Promise<readonly string[]>
  stop(): Promise<void>
}

/**
 * Waits until Synapse answers: then its tables are there. One that does not is ended.
 * @throws Syn2opError rehearsal.no-backend with its last words; run.interrupted
 */
export const awaitSynapse = async (
  { url, what, hasEnded, words, stop }: StartingSynapse,
  signal: AbortSignal,
): Promise<void> => {
  const isWell = await awaitHealth(url, { hasEnded, timeoutMs: START_MS, signal }).catch(async (cause: unknown) => {
    await stop()
    throw new Syn2opError('run.interrupted', 'Starting Synapse was interrupted', { cause })
  })
  if (isWell) return
  const last = await words()
  const ended = hasEnded()
  await stop()
  throw new Syn2opError('rehearsal.no-backend', `${what} ${ended ? 'ends as it starts' : 'does not answer'}`, {
    problems: last.slice(-5).map((message) => ({ message })),
  })
}
