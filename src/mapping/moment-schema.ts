import { z } from 'zod'

/** Begins with the date: a moment of a zone, or midnight UTC. */
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/u

/** A date or a time with its zone, as text. */
export const momentSchema = z
  .string('is a date such as 2026-09-01, or a time such as 2026-09-01T12:00:00Z')
  .refine(
    (text) => ISO.test(text) && isOnTheCalendar(text),
    'is no date such as 2026-09-01, and no time with its zone such as 2026-09-01T12:00:00Z',
  )

/** JavaScript takes 30 February for 2 March. */
const isOnTheCalendar = (text: string): boolean => {
  const day = text.slice(0, 10)
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(Date.parse(text)) && !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}

const DAY_MS = 86_400_000

/** When a moment is over, milliseconds since 1970: a date at its end, in UTC. */
export const endOf = (moment: string): number => Date.parse(moment) + (moment.length === 10 ? DAY_MS : 0)
