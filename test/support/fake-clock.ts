import type { Clock } from '../../src/migration/pacing/clock.ts'

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Goes to the next moment for which somebody waits, or so far at most; whoever waits is served first. */
  advance(milliseconds: number): Promise<void>
}

interface Alarm {
  readonly at: number
  readonly call: () => void
}

/** Lets everything happen that waits for no clock. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

export const fakeClock = (): FakeClock => {
  let now = 0
  const alarms = new Set<Alarm>()
  return {
    now: () => now,
    after: (milliseconds, call) => {
      const alarm = { at: now + milliseconds, call }
      alarms.add(alarm)
      return () => alarms.delete(alarm)
    },
    advance: async (milliseconds) => {
      const end = now + milliseconds
      await settled()
      for (;;) {
        const [next] = [...alarms].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
        if (next === undefined) break
        alarms.delete(next)
        now = Math.max(now, next.at)
        next.call()
        await settled()
      }
      now = end
    },
  }
}
