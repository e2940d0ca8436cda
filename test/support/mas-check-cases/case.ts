import type { FindingCode } from '../../../src/findings/catalogue.ts'
import type { MasCheck } from '../../../src/targets/mas/check-mas.ts'
import type { MasConfig } from '../../../src/targets/mas/config/mas-config.ts'
import type { MasInspection } from '../../../src/targets/mas/database/inspection.ts'
import { soundCheck, soundConfig, soundHomeserver, soundInspection } from '../sound-mas.ts'

/** One thing that is wrong, and the one finding that it must give. */
export interface MasCheckCase {
  readonly code: FindingCode
  /** What is said before it. */
  readonly after?: readonly FindingCode[]
  readonly when: string
  readonly check: MasCheck
  readonly says: RegExp
  /** Against the lines of the remedy, joined. */
  readonly remedy: RegExp
  readonly count?: number
}

export const inspected = (change: Partial<MasInspection>): MasCheck => ({
  ...soundCheck,
  inspection: { ...soundInspection, ...change },
})

export const configured = (change: Partial<MasConfig>): MasCheck => ({
  ...soundCheck,
  config: { ...soundConfig, ...change },
})

export const homeserver = (change: Partial<MasCheck['homeserver']>): MasCheck => ({
  ...soundCheck,
  homeserver: { ...soundHomeserver, ...change },
})
