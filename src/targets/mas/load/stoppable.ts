import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { cancelRunning } from '../../../postgres/cancel.ts'

/** A request that comes between two statements cancels neither. Milliseconds. */
const AGAIN_MS = 1000

/**
 * Runs work on a connection, and cancels at the server what it is doing when the signal aborts: a statement may wait
 * for a lock as long as somebody else pleases. It asks again until the work has ended, and ends only when no cancel request is on
 * its way any more.
 */
export const stoppable = async <Result>(
  client: Client,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> => {
  const ended = new AbortController()
  let cancelled: Promise<void> | undefined
  const cancelUntilEnded = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await cancelRunning(client)
      await sleep(AGAIN_MS, undefined, { signal: ended.signal }).catch(() => {})
    }
  }
  const cancel = (): void => {
    cancelled = cancelUntilEnded()
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await work()
  } finally {
    ended.abort()
    signal.removeEventListener('abort', cancel)
    await cancelled
  }
}
