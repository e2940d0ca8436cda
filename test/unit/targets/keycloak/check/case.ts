import type { FindingCode } from '../../../../../src/findings/catalogue.ts'
import type { KeycloakJudged } from '../../../../../src/targets/keycloak/check/judge-keycloak.ts'

/** One thing that is not as it should be, and what is said of it. */
export interface Case {
  readonly code: FindingCode
  readonly when: string
  readonly judged: KeycloakJudged
  readonly says: RegExp
  readonly remedy: RegExp
  readonly count?: number
}
