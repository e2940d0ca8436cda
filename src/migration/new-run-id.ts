import { randomInt } from 'node:crypto'

/** So many that all milliseconds of a second times these fit into four hexadecimal digits. */
const WITHIN_A_MILLISECOND = 65

/** `20261121-031500-9f3a`: sorts by time, to the millisecond, and two runs of one millisecond most likely differ. */
export const newRunId = (now: Date): string => {
  const [date, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/gu, '').split('T')
  const end = now.getUTCMilliseconds() * WITHIN_A_MILLISECOND + randomInt(WITHIN_A_MILLISECOND)
  return `${date}-${time}-${end.toString(16).padStart(4, '0')}`
}
