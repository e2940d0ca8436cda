import type { FindingCode } from '../../../../../src/findings/catalogue.ts'
import type { Auth0Judged } from '../../../../../src/targets/auth0/check/judge-auth0.ts'

/** One thing that is not as it should be, and what is said of it. */
export interface Case {
  readonly code: FindingCode
  readonly when: string
  readonly judged: Auth0Judged
  readonly says: RegExp
  readonly remedy: RegExp
  readonly count?: number
}
