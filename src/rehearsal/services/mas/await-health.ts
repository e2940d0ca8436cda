import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 100
const ANSWER_MS = 5000

/**
 * Waits until MAS says that it is well.
 * @param hasEnded whether nobody need be waited for any more
 * @returns whether it is
 */
export const awaitHealth = async (
  url: string,
  {
    hasEnded,
    timeoutMs,
    signal,
  }: { readonly hasEnded: () => boolean; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs
  while (!hasEnded() && performance.now() < deadline) {
    signal.throwIfAborted()
    const response = await fetch(new URL('health', url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok === true) return true
    await sleep(POLL_MS)
  }
  return false
}
