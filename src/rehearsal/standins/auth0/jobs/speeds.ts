import type { PlanName } from '../rules/rule.ts'

/**
 * Rows of one import job an hour. Auth0's staff saw 400,000 users an hour on the enterprise tier of bulk imports, with two jobs
 * at a time and full files, "around 10X faster than at free tier", and the production tier at about a quarter of it
 * (https://community.auth0.com/t/112785); a tenant that is not for production is on the free tier. Two jobs share it by
 * halves, and one alone is not faster. That a plan has the tier of its name is our reading, as is the quarter, the lower end
 * of "3x-4x".
 */
export const ROWS_AN_HOUR: Readonly<Record<PlanName, number>> = {
  free: 20_000,
  'enterprise-nonproduction': 20_000,
  essentials: 50_000,
  professional: 50_000,
  enterprise: 50_000,
  'enterprise-bulk': 200_000,
}

/** Until a job begins with its first row: nobody says how long; milliseconds. */
export const BEFORE_FIRST_ROW = 1000

/** Until an export of users is there, and for every thousand of them: nobody says; milliseconds. */
export const EXPORT_BASE = 5000
export const EXPORT_PER_THOUSAND = 1000

export const MOST_AT_ONCE = 2
export const JOB_TIMEOUT = 2 * 3_600_000
export const JOB_KEPT = 24 * 3_600_000
/** How long the address of an export's file is good. */
export const LOCATION_KEPT = 60_000
/** Of the body of a request for an import. */
export const IMPORT_BYTES = 512_000
