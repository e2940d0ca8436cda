import { setImmediate, setTimeout } from 'node:timers/promises'

/** The time of a tenant: of its tokens, limits, jobs and deletions. Milliseconds since 1970. */
export interface TenantClock {
  now(): number
  /** @throws the signal's reason, at once when it is aborted */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Keeps a simulated clock from jumping until what it gives is called. Clocks that run by themselves have none. */
  hold?(): () => void
}

/** A clock that only moves when everybody waits. */
export interface SimulatedClock extends TenantClock {
  hold(): () => void
}

/** The machine's own time, `speed` times as fast from now on. */
export const realClock = ({ speed = 1 }: { readonly speed?: number } = {}): TenantClock => {
  const start = Date.now()
  const started = performance.now()
  return {
    now: () => Math.floor(start + (performance.now() - started) * speed),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      try {
        await setTimeout(ms / speed, undefined, { signal })
      } catch (cause) {
        signal?.throwIfAborted()
        throw cause
      }
    },
  }
}

interface Sleeper {
  readonly at: number
  wake(): void
}

/** What Node waits for that is at work on its own: files, connections being made, bytes being written, hashes. */
const AT_WORK = /req|(?:Connect|Write|Shutdown|Send)Wrap|^Zlib/iu

/** Whether nothing in this process has been under way for a millisecond, and for two turns of the event loop after it. */
const restful = async (): Promise<boolean> => {
  await setTimeout(1)
  await setImmediate()
  await setImmediate()
  return !process.getActiveResourcesInfo().some((resource) => AT_WORK.test(resource))
}

/**
 * A clock of discrete events: while anybody works it stands still; when all sleep it jumps to the first who wakes up.
 * Requests that the stand-in handles hold it. What a client does between two requests holds it as long as the event loop is
 * busy with it; who computes elsewhere meanwhile, in another process or by timers of their own, must hold it.
 */
export const simulatedClock = (start = Date.UTC(2026, 0, 5, 8)): SimulatedClock => {
  let now = start
  let holds = 0
  let stirs = 0
  let watching = false
  let sleepers: readonly Sleeper[] = []

  const wakeFirst = (): void => {
    const first = Math.min(...sleepers.map(({ at }) => at))
    const awake = sleepers.filter(({ at }) => at === first)
    sleepers = sleepers.filter(({ at }) => at !== first)
    now = Math.max(now, first)
    for (const { wake } of awake) wake()
  }

  const mayJump = (): boolean => sleepers.length > 0 && holds === 0

  const watch = async (): Promise<void> => {
    if (watching) return
    watching = true
    while (mayJump()) {
      const seen = stirs
      const rests = await restful()
      if (rests && seen === stirs && mayJump()) wakeFirst()
    }
    watching = false
  }

  const stir = (): void => {
    stirs += 1
    void watch()
  }

  return {
    now: () => now,
    hold: () => {
      let held = true
      holds += 1
      stirs += 1
      return () => {
        if (held) holds -= 1
        held = false
        stir()
      }
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      await new Promise<void>((wake) => {
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          wake: () => {
            stirs += 1
            signal?.removeEventListener('abort', getUp)
            wake()
          },
        }
        const getUp = (): void => {
          sleepers = sleepers.filter((each) => each !== sleeper)
          wake()
        }
        signal?.addEventListener('abort', getUp, { once: true })
        sleepers = [...sleepers, sleeper]
        stir()
      })
      signal?.throwIfAborted()
    },
  }
}
