import { entryOf } from './catalogue.ts'
import type { Finding } from './finding.ts'

/** Whether a finding says something where people move to this target; some are about one target only. */
export const mattersTo =
  (target: string) =>
  ({ code }: Pick<Finding, 'code'>): boolean =>
    entryOf(code)?.targets?.includes(target) ?? true
