import type { Auth0Plan } from '../config/auth0-config.ts'

/**
 * Users that one import job takes in a second, about; two run at once. `free`: a public script tells of 2,000 users in 8 to 9
 * minutes. `enterprise-bulk`: Auth0's support tells of about 400,000 an hour in two jobs, and that production tenants have about four
 * times what free ones have, and the tier for large imports three to four times that of production ones.
 */
export const JOB_ROWS_PER_SECOND: Readonly<Record<Auth0Plan, number>> = {
  'free': 4,
  'essentials': 15,
  'professional': 15,
  'enterprise': 15,
  'enterprise-nonproduction': 4,
  'enterprise-bulk': 55,
}

/** How long jobs take: what the plan says, corrected by those that have ended. */
export interface JobPace {
  /** Milliseconds for so many users. */
  expected(rows: number): number
  ended(job: EndedJob): void
}

export interface EndedJob {
  readonly rows: number
  /** From when it was sent to when it was seen to have ended. */
  readonly milliseconds: number
  /** How often it was looked at; 1: it had ended before that, nobody knows when. */
  readonly looks: number
}

/** How much the last job counts. */
const WEIGHT = 0.5

/** Of a job that had ended before it was looked at, so much of the time that it may have taken is taken to be its own. */
const UNSEEN = 0.7

export const openJobPace = (plan: Auth0Plan): JobPace => {
  let perRow = 1000 / JOB_ROWS_PER_SECOND[plan]
  return {
    expected: (rows) => perRow * rows,
    ended({ rows, milliseconds, looks }) {
      const measured = (milliseconds * (looks === 1 ? UNSEEN : 1)) / Math.max(rows, 1)
      perRow += (measured - perRow) * WEIGHT
    },
  }
}
