import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { ALL_WARNINGS } from '../findings/accept.ts'
import { PROBE_CODES } from '../readiness/probes/probe.ts'

/**
 * Codes of probes that are acknowledged. Those of syn2op.yaml may be of findings; one that a flag gives is meant for a probe.
 * @throws Syn2opError usage
 */
export const acceptedCodes = (accept: Settings['accept']): readonly string[] => {
  const codes = accept?.value ?? []
  const known: readonly string[] = [ALL_WARNINGS, ...PROBE_CODES]
  const unknown = codes.filter((code) => !known.includes(code))
  if (unknown.length === 0 || accept?.origin !== '--accept') return codes
  throw new Syn2opError('usage', `No probe has the code ${unknown.join(', ')}`, {
    next: ['Each failed probe is told with its code; docs/reference/readiness.md lists them all.'],
  })
}
