import { ALL_WARNINGS, ALL_WARNINGS_MEANS, acceptFlags } from './accept.ts'
import type { Document, PlanDocument, VerifyDocument } from './documents.ts'
import { findingsOf, openWarnings } from './grouped-findings.ts'
import { rollbackSteps } from './rollback-steps.ts'
import { runSteps } from './run-steps.ts'
import { isAccountedFor, relationsOf } from './totals.ts'
import { verdictOf } from './verdict.ts'
import { isOnRecord } from './verify-words.ts'

/** One thing to do after reading a report. */
export interface NextStep {
  readonly text: string
  /** What to type for it. */
  readonly commands: readonly string[]
}

const step = (text: string, ...commands: readonly string[]): NextStep => ({ text, commands })

const acknowledge = (document: Document, command: string): NextStep => {
  const flags = acceptFlags(openWarnings(findingsOf(document)))
  const meaning = flags.some((flag) => flag.includes(ALL_WARNINGS)) ? ` (${ALL_WARNINGS_MEANS})` : ''
  return step(
    `Read the warnings. Correct what is not meant to be, and acknowledge the rest${meaning}:`,
    [command, ...flags].join(' '),
  )
}

const CORRECT = 'Correct the errors; each says how. Then look again:'

const INCOMPLETE = step('This is a fault of syn2op, not of your data. Please report it, with this report.')

const beforeMigration = (document: Document, command: string, whenReady: readonly NextStep[]): readonly NextStep[] => {
  const { tone } = verdictOf(document)
  if (tone === 'good') return whenReady
  return [tone === 'attention' ? acknowledge(document, command) : step(CORRECT, command)]
}

const REHEARSE = step('See a migration of made-up people, on databases that are thrown away:', 'syn2op rehearse --demo')
const CHECK_OWN = 'syn2op check --synapse-config homeserver.yaml --target-config config.yaml'
const MIGRATE = step('Stop Synapse, and migrate:', 'syn2op migrate')
const AT_ONCE = step('Or stop Synapse, and migrate everybody at once:', 'syn2op migrate')
const CONVERGE: readonly NextStep[] = [
  step('Bring the copy up to date as often as you like:', 'syn2op migrate --online'),
  step('Then stop Synapse, and finish:', 'syn2op migrate --final'),
]

/** What a plan is followed by depends on what is at the target already. */
const afterPlan = (plan: PlanDocument): readonly NextStep[] => {
  const { cohort, cohorts = [] } = plan
  if (cohort !== undefined) return [step('Migrate this cohort:', `syn2op migrate --cohort ${cohort}`)]
  const [first, ...others] = cohorts.flatMap((one) => (one.read > 0 && one.begun === undefined ? [one.cohort] : []))
  const inStages =
    first === undefined
      ? []
      : [
          step(
            `Migrate one cohort after the other, ${[first, ...others].join(', ')}:`,
            `syn2op migrate --cohort ${first}`,
          ),
        ]
  const codes = findingsOf(plan).map(({ code }) => code)
  if (codes.includes('MAS_COPY_ASIDE')) return [...inStages, ...CONVERGE]
  const all = inStages.length === 0 ? MIGRATE : AT_ONCE
  return codes.includes('MAS_HAS_PEOPLE') ? [...inStages, all] : [REHEARSE, ...inStages, all]
}

const EXPLAIN = step('See what Synapse and the target have of such an account:', 'syn2op explain @user:server')

const afterVerification = (
  { proofs, changedSince, tables, target: { product } }: VerifyDocument,
  good: boolean,
): readonly NextStep[] => {
  if (proofs !== undefined) return good ? [] : [EXPLAIN]
  if (good && changedSince !== undefined) return CONVERGE
  if (good) {
    return [
      step(`Tell Synapse to use ${product}, and start both.`),
      step(`Or go back: until ${product} runs, starting Synapse as it was is all it takes.`),
    ]
  }
  if (isOnRecord(tables)) return [EXPLAIN, step('Bring it up to date, as you did before:', 'syn2op migrate')]
  return [step(`Do not start ${product} on this. Give it an empty database, and migrate again:`, 'syn2op migrate')]
}

const isAccounted = (document: Document): boolean => relationsOf(document).every(isAccountedFor)

/** What to do after a document was read, in order. */
export const nextSteps = (document: Document): readonly NextStep[] => {
  const { tone } = verdictOf(document)
  switch (document.kind) {
    case 'check':
      return beforeMigration(document, 'syn2op check', [step('See what would happen:', 'syn2op plan'), REHEARSE])
    case 'plan': {
      const ready = beforeMigration(document, 'syn2op plan', afterPlan(document))
      const hasErrors = findingsOf(document).some((finding) => finding.severity === 'error')
      return tone === 'bad' && !hasErrors ? [INCOMPLETE] : ready
    }
    case 'run':
      return isAccounted(document) ? runSteps(document) : [INCOMPLETE]
    case 'verify':
      return afterVerification(document, tone === 'good')
    case 'rollback':
      return rollbackSteps(document)
    case 'rehearsal':
      return tone === 'good'
        ? [
            step('Nothing of yours was read or written. See what stands in the way at your own homeserver:', CHECK_OWN),
            step('The whole way is told in docs/how-to/synapse-to-mas.md.'),
          ]
        : [step('See what the step that failed says above, and rehearse again:', 'syn2op rehearse --demo')]
  }
}
