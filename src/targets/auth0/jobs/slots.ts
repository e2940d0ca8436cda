import { stoppedBy } from '../../http/stopped-by.ts'

/** As many pieces of work as Auth0 does at once; the others wait for their turn, in their order. */
export interface Slots {
  /** @throws the reason of the signal, at once when it is aborted while it waits */
  run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>
}

interface Waiting {
  readonly begin: () => void
}

export const openSlots = (count: number): Slots => {
  let free = count
  const waiting: Waiting[] = []
  const taken = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(stoppedBy(signal))
      if (free > 0) {
        free--
        return resolve()
      }
      const one: Waiting = {
        begin: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(one), 1)
        reject(stoppedBy(signal))
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.push(one)
    })
  return {
    async run(work, signal) {
      await taken(signal)
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free++
        else next.begin()
      }
    },
  }
}
