import type { Clock } from '../../http/clock.ts'

/** So long after a stop it is tried on to finish what must not stay as it is. Milliseconds. */
export const PATIENCE_MS = 150_000

/** A signal that is aborted some time after a stop. */
export const patienceAfter = (
  stop: AbortSignal,
  clock: Clock,
): { readonly signal: AbortSignal; readonly release: () => void } => {
  const over = new AbortController()
  const released = new AbortController()
  const begin = (): void => {
    clock.sleep(PATIENCE_MS, released.signal).then(
      () => over.abort(stop.reason),
      () => undefined,
    )
  }
  if (stop.aborted) begin()
  else stop.addEventListener('abort', begin, { once: true, signal: released.signal })
  return { signal: over.signal, release: () => released.abort() }
}
