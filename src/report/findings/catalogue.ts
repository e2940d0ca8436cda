import type { Finding } from '../finding.ts'
import type { FindingEntry } from './entry.ts'
import { MAPPING_FINDINGS } from './mapping.ts'
import { MAS_FINDINGS } from './mas.ts'
import { SYNAPSE_FINDINGS } from './synapse.ts'

/** Every code that a finding can carry, with what is always true of it. */
export const FINDINGS = { ...SYNAPSE_FINDINGS, ...MAS_FINDINGS, ...MAPPING_FINDINGS } as const satisfies Record<
  string,
  FindingEntry
>

export type FindingCode = keyof typeof FINDINGS

/** What was seen this time. */
export type Seen = Pick<Finding, 'message' | 'remedy'> & Partial<Pick<Finding, 'count' | 'samples'>>

/** The only way to make a finding: its code is one of the catalogue's, and the severity follows from it. */
export const finding = (code: FindingCode, seen: Seen): Finding => ({
  code,
  severity: FINDINGS[code].severity,
  ...seen,
})
