import type { Moment } from './people.ts'

/** Milliseconds since 1970; NaN where it is no moment. A time of day without its zone is none: it would be another on another machine. */
export const milliseconds = (moment: Moment): number => {
  if (moment instanceof Date) return moment.getTime()
  return /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/u.test(moment)
    ? Date.parse(moment)
    : Number.NaN
}
