import type { Finding } from '../findings/finding.ts'
import { formatCount } from '../terminal/numbers.ts'
import type { CheckDocument, OutcomeCount, RunDocument } from './documents.ts'
import { isDisproved, isProved } from './is-proved.ts'
import type { ProofReason } from './proof-reasons.ts'
import type { RehearsalDocument } from './rehearsal-document.ts'
import { accountsOf, isAccountedFor } from './totals.ts'
import { verifyVerdict } from './verify-verdict.ts'

/** All by which a rehearsal is judged. */
export type RehearsedParts = Pick<
  RehearsalDocument,
  'steps' | 'failure' | 'plan' | 'run' | 'verify' | 'proofs' | 'rollback' | 'again'
> & { readonly check?: CheckDocument }

/** Why a rehearsal failed: at which step, in one sentence. */
export interface FailureReason {
  readonly step: string
  readonly words: string
}

/** Everything for which a rehearsal failed, in the order of the steps; empty: it passed. Pure. */
export const failureReasons = (parts: RehearsedParts): readonly FailureReason[] => {
  const found = [
    ...stepReasons(parts),
    ...reasons('check', errorsWords(parts.check?.findings ?? [])),
    ...reasons(
      'plan',
      parts.plan.relations.every(isAccountedFor) ? [] : [MISCOUNTED],
      errorsWords(parts.plan.findings),
    ),
    ...reasons('migrate', runWords(parts)),
    ...verifyReasons(parts),
    ...rollbackReasons(parts),
  ]
  const all = [...found, ...missingReasons(parts, found)]
  const order = parts.steps.map(({ step }) => step)
  return all.toSorted((a, b) => order.indexOf(a.step) - order.indexOf(b.step))
}

const MISCOUNTED = 'The counts do not add up: rows were read that were neither carried nor left for a reason.'

const reasons = (step: string, ...words: readonly (readonly string[])[]): readonly FailureReason[] =>
  words.flat().map((each) => ({ step, words: each }))

const stepReasons = ({ steps, failure }: RehearsedParts): readonly FailureReason[] => [
  ...(failure === undefined ? [] : [{ step: failure.step, words: ended(failure.message) }]),
  ...steps
    .filter(({ step, outcome }) => outcome === 'failed' && step !== failure?.step)
    .map(({ step, why }) => ({ step, words: why === undefined ? `It failed at ${step}.` : ended(why) })),
]

const ended = (sentence: string): string => (/[.!?]$/u.test(sentence) ? sentence : `${sentence}.`)

const errorsWords = (findings: readonly Finding[]): readonly string[] => {
  const codes = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  if (codes.length === 0) return []
  return [`${formatCount(codes.length, 'error stands', 'errors stand')} in the way: ${[...new Set(codes)].join(', ')}.`]
}

const countOf = (wanted: OutcomeCount['outcome'], outcomes: readonly OutcomeCount[] = []): number =>
  outcomes.reduce((sum, { outcome, count }) => sum + (outcome === wanted ? count : 0), 0)

const runWords = ({ plan, run }: RehearsedParts): readonly string[] => {
  if (run === undefined) return []
  const surprising = countOf('rejected', run.outcomes) - countOf('rejected', plan.outcomes)
  const { product } = run.target
  return [
    ...(run.relations.every(isAccountedFor) ? [] : [MISCOUNTED]),
    ...(surprising > 0
      ? [`${product} rejected ${formatCount(surprising, 'account', 'accounts')} more than the plan had foretold.`]
      : []),
    ...(run.endedEarly === undefined ? [] : [EARLY[run.endedEarly.why]]),
    ...(run.refused ?? []).map(ended),
    ...(isDisproved(run) ? ['What the migration wrote was found not to be as it should be.'] : []),
  ]
}

const EARLY: Readonly<Record<NonNullable<RunDocument['endedEarly']>['why'], string>> = {
  'stopped': 'The migration was stopped before all was attempted.',
  'too many rejected': 'The migration ended early: more accounts were rejected than may be.',
}

const verifyReasons = ({ verify, proofs, steps }: RehearsedParts): readonly FailureReason[] => [
  ...reasons('verify', verify === undefined || isProved(verify) ? [] : [`${verifyVerdict(verify).headline}.`]),
  ...reasons(
    steps.find(({ step }) => step.startsWith('prove'))?.step ?? 'verify',
    proofs === undefined || isProved(proofs) ? [] : [`${verifyVerdict(proofs).headline}.`],
    mistakenWords(proofs),
  ),
]

/** They fail as is foretold of them, and still nobody wanted to try them: the file is wrong. */
const MISTAKEN: ReadonlySet<string> = new Set(['not_in_source', 'of_somebody_else'] satisfies readonly ProofReason[])

const mistakenWords = (document: RehearsedParts['proofs']): readonly string[] => {
  const mistaken = (document?.proofs?.results ?? []).filter(({ reason = '' }) => MISTAKEN.has(reason)).length
  if (mistaken === 0) return []
  return [
    `${formatCount(mistaken, 'password or token that was given is', 'passwords and tokens that were given are')} of nobody in Synapse, or of another user or device: correct the file.`,
  ]
}

const rollbackReasons = ({ rollback, again }: RehearsedParts): readonly FailureReason[] => {
  const refused = countOf('rejected', rollback?.outcomes) + countOf('not attempted', rollback?.outcomes)
  return [
    ...reasons(
      'roll back',
      refused === 0 ? [] : [`${formatCount(refused, 'account', 'accounts')} could not be taken back.`],
    ),
    ...reasons(
      'plan again',
      again === undefined || again.same
        ? []
        : [
            ['The target is not as it was before the migration', ...again.differences.slice(0, 1)]
              .join(': ')
              .concat('.')
              .replace(/\.\.$/u, '.'),
          ],
    ),
  ]
}

/** How many accounts a plan for an empty target would bring there. */
const movedBy = ({ outcomes, relations }: RehearsedParts['plan']): number =>
  outcomes === undefined ? (accountsOf(relations)?.carried ?? 0) : countOf('created', outcomes)

/** What nothing else explains: a rehearsal that did not come to its main parts shows nothing. */
const missingReasons = (
  { plan, run, verify, rollback, again, steps }: RehearsedParts,
  found: readonly FailureReason[],
): readonly FailureReason[] => {
  if (found.length > 0) return []
  if (movedBy(plan) === 0) return reasons('plan', ['Nobody would be migrated.'])
  if (run === undefined) return reasons('migrate', ['Nobody was migrated.'])
  if (verify === undefined) return reasons('verify', ['What was migrated was not verified.'])
  const isLeftOut = steps.some(({ step, outcome }) => step === 'plan again' && outcome === 'skipped')
  return rollback === undefined || again !== undefined || isLeftOut
    ? []
    : reasons('plan again', ['Nobody looked whether the target is as it was after the rollback.'])
}
