import { ALL_WARNINGS, ALL_WARNINGS_MEANS, acceptFlags, openWarnings } from '../findings/accept.ts'
import type { Document, PlanDocument, VerifyDocument } from './documents.ts'
import { findingsOf } from './grouped-findings.ts'
import { rehearsalSteps } from './rehearsal-steps.ts'
import { otherRollbacks, rollbackSteps } from './rollback-steps.ts'
import { runSteps } from './run-steps.ts'
import { stageSteps, waitingStages } from './stage-words.ts'
import { isAccountedFor, relationsOf } from './totals.ts'
import { verdictOf } from './verdict.ts'
import { isOnRecord, triedNames, unseenRows } from './verify-words.ts'

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
const MIGRATE = step('Stop Synapse, and migrate:', 'syn2op migrate')
const MIGRATE_BESIDE = step('Migrate. Synapse may run, and goes on logging people in:', 'syn2op migrate')
const AT_ONCE = step('Or stop Synapse, and migrate everybody at once:', 'syn2op migrate')
const AT_ONCE_BESIDE = step('Or migrate everybody at once:', 'syn2op migrate')
const link = (product: string): readonly NextStep[] =>
  product === 'Auth0'
    ? [
        step('Make an application for Synapse at Auth0, and name it in homeserver.yaml under oidc_providers.'),
        step('Before anybody logs in by it, join their accounts with them:', 'syn2op link --to synapse'),
      ]
    : [
        step(
          `Before anybody logs in by ${product}, join their accounts with them, in Synapse or in MAS:`,
          'syn2op link --to synapse',
          'syn2op link --to mas',
        ),
      ]

/** A provider that Synapse or MAS asks: it can be filled while they run, and is not known to them before the links are. */
const isUpstream = ({ target }: Pick<PlanDocument, 'target'>): boolean =>
  target.product === 'Keycloak' || target.product === 'Auth0'
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
  const [whole, rest] = isUpstream(plan) ? [MIGRATE_BESIDE, AT_ONCE_BESIDE] : [MIGRATE, AT_ONCE]
  const all = inStages.length === 0 ? whole : rest
  if (isUpstream(plan)) return [...inStages, all]
  return codes.includes('MAS_HAS_PEOPLE') ? [...inStages, all] : [REHEARSE, ...inStages, all]
}

const EXPLAIN = step('See what Synapse and the target have of such an account:', 'syn2op explain @user:server')

const afterVerification = (document: VerifyDocument, good: boolean): readonly NextStep[] => {
  const {
    proofs,
    changedSince,
    tables,
    target: { product },
  } = document
  if (proofs !== undefined) {
    const files = removeFiles(document)
    return good ? [...files, STATUS] : [EXPLAIN, ...files]
  }
  const left = stepsForWaiting(document)
  if (good && left.length > 0) return left
  if (good && changedSince !== undefined) return CONVERGE
  if (good && isUpstream(document)) return [...provePasswords(document), ...link(product)]
  if (good) {
    return [
      step(`Tell Synapse to use ${product}, and start both.`),
      step(`Or go back: until ${product} runs, starting Synapse as it was is all it takes.`),
    ]
  }
  if (isOnRecord(tables)) return [EXPLAIN, mend(document)]
  return [step(`Do not start ${product} on this. Give it an empty database, and migrate again:`, 'syn2op migrate')]
}

const STATUS = step('See where the migration stands, and how to go on:', 'syn2op status')

/** Whoever has what was tried can log in by it. */
const removeFiles = (document: VerifyDocument): readonly NextStep[] => {
  const { one, many } = triedNames(document)
  return (document.proofs?.results ?? []).length === 0
    ? []
    : [step(`Remove the file of ${many} once it is not needed any more: each ${one} opens an account.`)]
}

const provePasswords = ({ tables, target }: VerifyDocument): readonly NextStep[] =>
  unseenRows(tables).some(({ relation }) => relation === 'password')
    ? [
        step(
          `Prove that ${target.product} takes passwords, by some that you know, one a line in a file of mode 600: mxid password`,
          'syn2op verify --canaries FILE',
        ),
      ]
    : []

/** None is begun on the way to anything else: whoever waits goes first. */
const stepsForWaiting = ({ waiting = 0, stages = [], changedSince }: VerifyDocument): readonly NextStep[] => {
  const everybody = changedSince === undefined ? 'syn2op migrate' : 'syn2op migrate --online'
  const next = stageSteps(stages, everybody)
  return next.length > 0 || waiting === 0 ? next : [step('Go on with those who are left:', everybody)]
}

/** Where cohorts wait, a run of everybody would take them along. */
const mend = ({ waiting = 0, stages = [], changedSince }: VerifyDocument): NextStep => {
  if (changedSince !== undefined) {
    return step('Take back the cohort or the run that copied it, with `syn2op rollback`, and copy it again:', LIST)
  }
  if (waitingStages(stages).length > 0) {
    const begun = stages.flatMap(({ name, begun: isBegun }) => (isBegun ? [name] : []))
    return step(`Bring its cohort up to date, as you did before (${begun.join(', ')}):`, 'syn2op migrate --cohort NAME')
  }
  return waiting > 0
    ? step('Bring it up to date, with all who are left:', 'syn2op migrate')
    : step('Bring it up to date, as you did before:', 'syn2op migrate')
}

const LIST = 'syn2op runs list'

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
      return rehearsalSteps(document, { passed: tone !== 'bad' })
  }
}

/** What else might be meant, beside the question that comes below a document: what it is about the answer does. */
export const stepsBesideQuestion = (document: Document): readonly NextStep[] =>
  document.kind === 'rollback' ? otherRollbacks(document) : []
