import type { DrawsOf } from './draws.ts'

const DAY_MS = 86_400_000

/** From the days of Matrix to the end of the century: what lies beyond is no time that anybody meant. */
const MEANT = { first: 1_400_000_000_000n, last: 4_100_000_000_000n } as const

export interface Times {
  /** By how much every time is earlier than it was: the same for all. */
  readonly earlierMs: number
  milliseconds(time: string): string
  seconds(time: string): string
}

/** All times are moved by one span, so that their order and their distances stay; those that cannot be stay as they are. */
export const movedTimes = (draws: DrawsOf): Times => {
  const each = draws('times', 'earlier')
  const earlierMs = (20 + each.next(60)) * DAY_MS + each.next(86_400) * 1000
  const moved = (time: string, unit: bigint): string => {
    const value = BigInt(time)
    const ms = value * unit
    return ms < MEANT.first || ms > MEANT.last ? time : String(value - BigInt(earlierMs) / unit)
  }
  return { earlierMs, milliseconds: (time) => moved(time, 1n), seconds: (time) => moved(time, 1000n) }
}
