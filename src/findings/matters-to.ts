import { FINDINGS, type FindingCode } from './catalogue.ts'
import type { FindingEntry } from './entry.ts'
import type { Finding } from './finding.ts'

/** Whether a finding says something where people move to this target; some are about one target only. */
export const mattersTo =
  (target: string) =>
  ({ code }: Pick<Finding, 'code'>): boolean => {
    const entry: FindingEntry | undefined = Object.hasOwn(FINDINGS, code) ? FINDINGS[code as FindingCode] : undefined
    return entry?.targets?.includes(target) ?? true
  }
