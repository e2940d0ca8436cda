import { setTimeout as sleep } from 'node:timers/promises'

/** A container whose start failed or was given up. */
export interface GivenUp {
  readonly image: string
  /** Settles when nothing more can come of it: until then its container may still be made. */
  readonly starting: Promise<unknown>
  /** Removes the container; nothing where there is none. */
  readonly remove: () => Promise<void>
  /** It is no longer its lease's. */
  readonly gone: () => Promise<void>
  readonly note: (message: string) => void
}

const POLL_MS = 250

/**
 * Ends a container whose start was given up. A fetching of its image cannot be interrupted, and its container would be made after it:
 * that is waited for, so that its lease does not go before it, but not for ever. What comes later is ended then, and until then the
 * lease knows of it: should we end before, its guard does it.
 * @param times milliseconds: after how long it is told what is waited for, and for how long more that is
 */
export const endStarting = async (
  { image, starting, remove, gone, note }: GivenUp,
  { silence, patience } = { silence: 1000, patience: 10_000 },
): Promise<void> => {
  const ended = removedAfter(starting, remove).then(gone)
  // What could not be removed is left to a sweep, which finds it by its lease.
  const isOver = ended.then(
    () => true,
    () => true,
  )
  if (await within(isOver, silence)) return
  note(`Waiting at most ${patience / 1000} seconds for the container engine to have fetched ${image}`)
  if (await within(isOver, patience)) return
  note(
    `The container engine still fetches ${image}: its container is removed once it is made, or when this process ends`,
  )
}

const removedAfter = async (starting: Promise<unknown>, remove: () => Promise<void>): Promise<void> => {
  const state = { isSettled: false }
  const settle = (): void => {
    state.isSettled = true
  }
  const settled = starting.then(settle, settle)
  while (!state.isSettled) {
    // One that waits to be ready does so no longer when it is taken away.
    await remove().catch(() => {})
    await within(settled, POLL_MS)
  }
  await remove()
}

const within = async (work: Promise<unknown>, milliseconds: number): Promise<boolean> => {
  const patience = new AbortController()
  try {
    const isLate = sleep(milliseconds, false, { signal: patience.signal })
    return await Promise.race([work.then(() => true), isLate])
  } finally {
    patience.abort()
  }
}
