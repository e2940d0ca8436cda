import { openWarnings } from '../../findings/accept.ts'
import { FAMILIES } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { acknowledgementWords } from '../acknowledgement.ts'
import type { Document, OutcomeCount } from '../documents.ts'
import { findingsOf } from '../grouped-findings.ts'
import { isProved } from '../is-proved.ts'
import { isAccountedFor, relationsOf, wrongRows } from '../totals.ts'
import { verdictOf } from '../verdict.ts'
import { proofsTitle, proofWords } from '../verify-words.ts'
import { rehearsalCases } from './rehearsal-cases.ts'

/** One thing that was looked at, and whether it is as it should be. */
export interface TestCase {
  /** What it is about: a family of findings, or a part of the document. */
  readonly suite: string
  readonly name: string
  readonly milliseconds?: number
  /** Why it is not as it should be: a word, and what was found. */
  readonly failure?: { readonly type: string; readonly message: string; readonly detail: string }
  /** Why it was not tried, in words. */
  readonly skipped?: string
  /** What is good to know all the same. */
  readonly output?: string
}

/**
 * A document as tests: what was done or shown, and every code of the catalogue. Of a check and a plan an error fails, and a
 * warning that nobody acknowledged; what a run, a verification or a rollback came across is told, and fails nothing.
 */
export const testCases = (document: Document): readonly TestCase[] => [
  verdictCase(document),
  ...findingCases(findingsOf(document), document.kind === 'check' || document.kind === 'plan' ? 'judged' : 'told'),
  ...ownCases(document),
]

const verdictCase = (document: Document): TestCase => {
  const { headline, sentences } = verdictOf(document)
  const detail = sentences.join('\n')
  const name = 'Verdict'
  if (hasFailed(document)) return { suite: 'Result', name, failure: { type: 'verdict', message: headline, detail } }
  return { suite: 'Result', name, output: `${headline}.\n${detail}` }
}

/** As the exit codes have it, but for findings, which are tests of their own. */
const hasFailed = (document: Document): boolean => {
  if (!relationsOf(document).every(isAccountedFor)) return true
  switch (document.kind) {
    case 'check':
    case 'plan':
      return false
    case 'run':
      return document.endedEarly !== undefined || hasRejected(document.outcomes) || verdictOf(document).tone === 'bad'
    case 'verify':
      return !isProved(document)
    case 'rollback':
      return hasRejected(document.outcomes)
    case 'rehearsal':
      return document.verdict === 'failed'
  }
}

const hasRejected = (outcomes: readonly OutcomeCount[] = []): boolean =>
  outcomes.some(({ outcome }) => outcome === 'rejected')

/** judged: one that stands in the way is a failure. */
type Judging = 'judged' | 'told'

const findingCases = (findings: readonly Finding[], judging: Judging): readonly TestCase[] => {
  const known = Object.entries(FAMILIES).flatMap(([suite, entries]) =>
    Object.keys(entries).map((name) => ({ suite, name })),
  )
  const names = new Set(known.map(({ name }) => name))
  const others = [...new Set(findings.map(({ code }) => code).filter((code) => !names.has(code)))]
  return [...known, ...others.map((name) => ({ suite: 'Other findings', name }))].map(({ suite, name }) =>
    findingCase(
      { suite, name },
      findings.filter(({ code }) => code === name),
      judging,
    ),
  )
}

const findingCase = (
  { suite, name }: Pick<TestCase, 'suite' | 'name'>,
  found: readonly Finding[],
  judging: Judging,
): TestCase => {
  const open = [...found.filter(({ severity }) => severity === 'error'), ...openWarnings(found)]
  const [first] = open
  const text = found.map(words).join('\n\n')
  if (first === undefined || judging === 'told') return { suite, name, ...(found.length === 0 ? {} : { output: text }) }
  return { suite, name, failure: { type: first.severity, message: first.message, detail: text } }
}

const words = (finding: Finding): string => {
  const { severity, message, samples = [], remedy } = finding
  return [
    `${severity}: ${message}`,
    ...(samples.length === 0 ? [] : [samples.join(', ')]),
    ...acknowledgementWords(finding),
    ...remedy,
  ].join('\n')
}

const ownCases = (document: Document): readonly TestCase[] => {
  switch (document.kind) {
    case 'check':
    case 'plan':
    case 'rollback':
      return []
    case 'run':
      return document.phases.map(({ phase, milliseconds }) => ({ suite: 'Phases', name: phase, milliseconds }))
    case 'verify':
      return [
        ...document.tables.map((table): TestCase => {
          const wrong = wrongRows(table)
          const shown = document.differences.filter((one) => one.table === table.table && one.kind !== 'theirs')
          const detail = shown.map(({ kind, row, columns }) => `${kind}: ${row} ${columns.join(', ')}`).join('\n')
          return {
            suite: 'Row by row',
            name: table.table,
            milliseconds: table.milliseconds,
            ...(wrong === 0
              ? {}
              : { failure: { type: 'rows', message: `${wrong} rows are not as they should be`, detail } }),
          }
        }),
        ...(document.proofs?.results ?? []).map((proof, index): TestCase => {
          const text = proofWords(proof)
          return {
            suite: proofsTitle(document),
            name: `${index + 1}: ${proof.what} of ${[proof.mxid, proof.device ?? ''].join(' ').trim()}`,
            ...(proof.worked === proof.expected
              ? { output: text }
              : { failure: { type: proof.what, message: text, detail: text } }),
          }
        }),
      ]
    case 'rehearsal':
      return [
        ...rehearsalCases(document),
        ...[document.run, document.verify, document.proofs].flatMap((one) => (one === undefined ? [] : ownCases(one))),
      ]
  }
}
