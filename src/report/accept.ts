import type { Finding } from './finding.ts'
import { FINDINGS, type FindingCode } from './findings/catalogue.ts'

/** Accepts every warning about the data, but not operational ones (Synapse still running, no backup). */
export const ALL_WARNINGS = 'all-warnings'

/**
 * Marks the warnings that somebody acknowledged. They stay in the report. Errors cannot be accepted.
 * @param accepted codes, or `all-warnings`.
 */
export const acceptFindings = (findings: readonly Finding[], accepted: readonly string[]): readonly Finding[] =>
  findings.map((one) => {
    if (one.severity !== 'warning') return one
    if (accepted.includes(one.code)) return { ...one, accepted: one.code }
    if (accepted.includes(ALL_WARNINGS) && isAboutData(one.code)) return { ...one, accepted: ALL_WARNINGS }
    return one
  })

/** Whether a warning is about the data, which stay as they are, and not about the moment. */
export const isAboutData = (code: string): boolean =>
  Object.hasOwn(FINDINGS, code) && FINDINGS[code as FindingCode].kind === 'data'

/** Codes that no finding has: most likely misspelt, and then nothing would be accepted. */
export const unknownCodes = (accepted: readonly string[]): readonly string[] =>
  accepted.filter((code) => code !== ALL_WARNINGS && !Object.hasOwn(FINDINGS, code))

export type Verdict = 'clear' | 'warnings' | 'errors'

/** Whether a migration may go on. */
export const verdictOf = (findings: readonly Finding[]): Verdict => {
  if (findings.some(({ severity }) => severity === 'error')) return 'errors'
  return findings.some(({ severity, accepted }) => severity === 'warning' && accepted === undefined)
    ? 'warnings'
    : 'clear'
}

/** With more codes than this a line of flags is no longer read, only copied. */
const FEW = 3

/** What all-warnings stands for, to be said wherever it is offered. */
export const ALL_WARNINGS_MEANS = `${ALL_WARNINGS} stands for all that are about the data; those of the moment need their own code`

/** The flags that acknowledge these warnings: each by its code, or all about the data at once where they are many. */
export const acceptFlags = (open: readonly Pick<Finding, 'code'>[]): readonly string[] => {
  const codes = [...new Set(open.map(({ code }) => code))]
  const data = codes.filter(isAboutData)
  const shown = data.length > FEW ? [ALL_WARNINGS, ...codes.filter((code) => !isAboutData(code))] : codes
  return shown.map((code) => `--accept ${code}`)
}
