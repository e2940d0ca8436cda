import type { ReadinessDocument, ReadinessLevel, ReadinessProbe } from '../../report/readiness-document.ts'
import { isWorse } from '../compare.ts'

/** In one word, for the exit code. */
export type ReadinessExit = 'clear' | 'warnings' | 'errors' | 'worse'

/**
 * errors: people cannot log in, or something of theirs breaks; also a walk that failed, and settings with which Synapse does not
 * start. worse: none of these, yet something that could be done before cannot be done now. warnings: some that nobody accepted.
 */
export const readinessExit = (document: ReadinessDocument): ReadinessExit => {
  const { probes, comparison, walk } = document
  const conflicts = conflictsLevel(document)
  if (openFailures(probes, 'error').length > 0 || walk?.outcome === 'failed' || conflicts === 'error') return 'errors'
  if (comparison !== undefined && isWorse(comparison)) return 'worse'
  return openFailures(probes, 'warning').length > 0 || conflicts === 'warning' ? 'warnings' : 'clear'
}

/** What fails at a level, in the order in which it was asked; warnings only where nobody accepted them. */
export const openFailures = (probes: readonly ReadinessProbe[], level: ReadinessLevel): readonly ReadinessProbe[] =>
  probes.filter(
    (one) => one.result === 'fail' && one.level === level && (level === 'error' || one.accepted === undefined),
  )

/**
 * What settings that conflict with MAS weigh. Where MAS has the logins Synapse does not start with them; where only the
 * configuration was looked at they are what was asked for. Of a homeserver that works without MAS they are what comes later.
 * Where nothing else was looked at, a file that could not be read leaves the question open.
 */
export const conflictsLevel = ({ configuration, probes }: ReadinessDocument): 'error' | 'warning' | undefined => {
  if (configuration === undefined) return undefined
  if (configuration.conflicts.length === 0) {
    return configuration.unreadable.length > 0 && probes.length === 0 ? 'warning' : undefined
  }
  return configuration.delegation === 'on' || probes.length === 0 ? 'error' : 'warning'
}
