import type { Auth0Plan } from '../config/auth0-config.ts'
import { JOB_ROWS_PER_SECOND } from '../jobs/job-pace.ts'

/** Who says how fast imports are: Auth0 publishes no number of it. */
export type SpeedGrade = 'support article' | 'seen by others' | 'inferred'

export interface ImportSpeed {
  /** Users in a second, in both of the jobs that may run at once. */
  readonly perSecond: number
  readonly grade: SpeedGrade
}

/** As many jobs as a tenant runs at once. Source: Auth0's page on bulk user imports. */
const JOBS_AT_ONCE = 2

const GRADES: Readonly<Record<Auth0Plan, SpeedGrade>> = {
  'free': 'seen by others',
  'essentials': 'inferred',
  'professional': 'inferred',
  'enterprise': 'inferred',
  'enterprise-nonproduction': 'inferred',
  'enterprise-bulk': 'support article',
}

export const importSpeedOf = (plan: Auth0Plan): ImportSpeed => ({
  perSecond: JOB_ROWS_PER_SECOND[plan] * JOBS_AT_ONCE,
  grade: GRADES[plan],
})
