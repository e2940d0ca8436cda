import { entryOf } from './catalogue.ts'
import type { Finding } from './finding.ts'

/** Accepts every warning about the data, but not operational ones (Synapse still running, no backup). */
export const ALL_WARNINGS = 'all-warnings'

/** What a rules file acknowledges. */
interface AcceptedByRule {
  readonly code: string
  readonly reason?: string
  /** Milliseconds since 1970: from then on it counts no more. */
  readonly until?: number
}

/** Who acknowledged what. */
export interface Acknowledgements {
  /** Codes, or `all-warnings`, as `--accept` gives them. */
  readonly flags: readonly string[]
  readonly rules?: readonly AcceptedByRule[]
  /** Milliseconds since 1970. */
  readonly asOf: number
  /**
   * What the clock says, milliseconds since 1970. A rule has ended by the later of the two: a run that is bound to a plan
   * goes by the as-of time of that plan, which may be long past.
   */
  readonly now: number
}

/**
 * Marks the warnings that somebody acknowledged. They stay in the report, with the reason and the end that a rule gives:
 * also where it has ended and the warning is open again, but not where a flag acknowledges it instead, for which that
 * reason was not given. Errors cannot be accepted.
 */
export const acceptFindings = (
  findings: readonly Finding[],
  { flags, rules = [], asOf, now }: Acknowledgements,
): readonly Finding[] =>
  findings.map((one) => {
    if (one.severity !== 'warning') return one
    const rule = rules.find(({ code }) => code === one.code)
    const counts = rule !== undefined && (rule.until === undefined || Math.max(asOf, now) < rule.until)
    const accepted = counts || flags.includes(one.code) ? one.code : wholesale(one.code, flags)
    const said = rule === undefined || (accepted !== undefined && !counts) ? {} : saidBy(rule)
    return { ...one, ...(accepted === undefined ? {} : { accepted }), ...said }
  })

const wholesale = (code: string, flags: readonly string[]): string | undefined =>
  flags.includes(ALL_WARNINGS) && isAboutData(code) ? ALL_WARNINGS : undefined

const saidBy = ({ reason, until }: AcceptedByRule): Pick<Finding, 'acceptedBecause' | 'acceptedUntil'> => ({
  ...(reason === undefined ? {} : { acceptedBecause: reason }),
  ...(until === undefined ? {} : { acceptedUntil: new Date(until).toISOString() }),
})

/** Whether a warning is about the data, which stay as they are, and not about the moment. */
export const isAboutData = (code: string): boolean => entryOf(code)?.kind === 'data'

/** Codes that no finding has: most likely misspelt, and then nothing would be accepted. */
export const unknownCodes = (accepted: readonly string[]): readonly string[] =>
  accepted.filter((code) => code !== ALL_WARNINGS && entryOf(code) === undefined)

/** Warnings that nobody has acknowledged, or not any more. */
export const openWarnings = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ severity, accepted }) => severity === 'warning' && accepted === undefined)

export type Verdict = 'clear' | 'warnings' | 'errors'

/** Whether a migration may go on. */
export const verdictOf = (findings: readonly Finding[]): Verdict => {
  if (findings.some(({ severity }) => severity === 'error')) return 'errors'
  return openWarnings(findings).length > 0 ? 'warnings' : 'clear'
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
