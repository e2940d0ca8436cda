import { ALL_WARNINGS } from '../findings/accept.ts'
import type { ReadinessProbe } from '../report/readiness-document.ts'

/** Marks the failed warnings that somebody acknowledged: by their codes, or all-warnings. Errors cannot be accepted. */
export const acceptWarnings = (
  probes: readonly ReadinessProbe[],
  accept: readonly string[],
): readonly ReadinessProbe[] =>
  probes.map((probe) => {
    if (probe.result !== 'fail' || probe.level !== 'warning') return probe
    const accepted = [probe.code, ALL_WARNINGS].find((code) => accept.includes(code))
    return accepted === undefined ? probe : { ...probe, accepted }
  })
