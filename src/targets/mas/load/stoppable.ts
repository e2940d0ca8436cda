import type { Client } from 'pg'
import { cancelRunning } from '../../../postgres/cancel.ts'

/**
 * Runs work on a connection, and cancels at the server what it is doing when the signal aborts: a statement may wait
 * for a lock as long as somebody else pleases. Ends only when no cancel request is on its way any more.
 */
export const stoppable = async <Result>(
  client: Client,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> => {
  let cancelled: Promise<void> | undefined
  const cancel = (): void => {
    cancelled = cancelRunning(client)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await work()
  } finally {
    signal.removeEventListener('abort', cancel)
    await cancelled
  }
}
