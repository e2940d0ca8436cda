import type { Client } from 'pg'
import type { Stoppable } from '../../targets/target.ts'

/**
 * Works with several readers at the same time, each in a lane of its own. After a failure the others are asked to stop and awaited, so
 * that nothing goes on beside whatever follows.
 * @throws why it was stopped, or else the first error
 */
export const inLanes = async (
  readers: readonly Client[],
  lane: (reader: Client, stop: AbortSignal) => Promise<void>,
  { signal }: Stoppable,
): Promise<void> => {
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  const ended = await Promise.allSettled(
    readers.map((reader) =>
      lane(reader, stop).catch((error: unknown) => {
        failed.abort(error)
        throw error
      }),
    ),
  )
  signal.throwIfAborted()
  if (ended.some(({ status }) => status === 'rejected')) throw failed.signal.reason
}
