import { randomBytes } from 'node:crypto'

/** `20261121-031500-9f3a`: sorts by time, and two runs of one second differ. */
export const newRunId = (now: Date): string => {
  const [date, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/gu, '').split('T')
  return `${date}-${time}-${randomBytes(2).toString('hex')}`
}
