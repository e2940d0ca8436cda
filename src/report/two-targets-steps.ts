import { acceptFlags, openWarnings, verdictOf } from '../findings/accept.ts'
import { isDisproved } from './is-proved.ts'
import type { NextStep } from './next-steps.ts'
import { stageSteps } from './stage-words.ts'
import {
  areProved,
  isShutOut,
  type PlanOfTwo,
  type RunOfTwo,
  stagesOfTwo,
  type VerifyOfTwo,
  wrongLinks,
} from './two-targets.ts'
import { findingsOfTwo } from './two-targets-words.ts'

const step = (text: string, ...commands: readonly string[]): NextStep => ({ text, commands })

/** Whatever else it takes stands in flags as before, or in syn2op.yaml. */
const typed = (command: string, ...more: readonly string[]): string =>
  [`syn2op ${command}`, '--target keycloak --target mas', ...more].join(' ')

const ONLINE = step(
  'While Synapse runs, as often as you like: fill Keycloak, and copy to MAS:',
  typed('migrate', '--online'),
)
const COHORT = (name: string): string => typed('migrate', `--cohort ${name}`)
const FINAL = step('Then stop Synapse, and finish with MAS and the links:', typed('migrate', '--final'))
const VERIFY = step('Prove that everything arrived:', typed('verify'))
const SHUT_OUT = step('Mend what keeps people from Keycloak, as said above, and migrate again:', typed('migrate'))
const EVERYBODY = step(
  'Before Synapse uses MAS, stop it, and bring everybody up to date, and whoever is left:',
  typed('migrate'),
)
const TELL_SYNAPSE = step(
  'Tell Synapse to use MAS, and start both: people log in by Keycloak, and find their accounts.',
)
const EXPLAIN = step(
  'See what Synapse and one of the targets have of an account:',
  'syn2op explain @user:server --target keycloak',
  'syn2op explain @user:server --target mas',
)

/** How to go on after both plans. */
export const afterPlans = ({ plans, links }: Pick<PlanOfTwo, 'plans' | 'links'>): readonly NextStep[] => {
  const findings = findingsOfTwo(plans, links)
  const verdict = verdictOf(findings)
  if (verdict === 'errors') return [step('Correct the errors; each says how. Then look again:', typed('plan'))]
  if (verdict === 'warnings') {
    const flags = acceptFlags(openWarnings(findings))
    return [
      step('Read the warnings. Correct what is not meant to be, and acknowledge the rest:', typed('plan', ...flags)),
    ]
  }
  const [{ cohort }] = plans
  if (cohort !== undefined) return [step('Migrate this cohort:', COHORT(cohort))]
  const inStages = oneByOne(plans)
  const codes = findings.map(({ code }) => code)
  if (codes.includes('MAS_COPY_ASIDE')) return [...inStages, ONLINE, FINAL]
  const isMerge = codes.includes('MAS_HAS_PEOPLE')
  const text = isMerge ? 'Migrate. MAS has people: it may run:' : 'Stop Synapse, and migrate to both at once:'
  const all = inStages.length === 0 ? text : `Or everybody. ${text}`
  return [
    ...inStages,
    step(all, typed('migrate')),
    ...(isMerge ? [] : [{ ...ONLINE, text: `Or ${lowered(ONLINE.text)}` }, FINAL]),
  ]
}

/** Those that have not begun at one of the two, or at both. */
const oneByOne = (plans: PlanOfTwo['plans']): readonly NextStep[] => {
  const waiting = plans.flatMap(({ cohorts = [] }) =>
    cohorts.flatMap((one) => (one.read > 0 && one.begun === undefined ? [one.cohort] : [])),
  )
  const names = (plans[0].cohorts ?? []).map(({ cohort }) => cohort)
  const [first, ...others] = names.filter((name) => waiting.includes(name))
  if (first === undefined) return []
  return [step(`Migrate one cohort after the other, ${[first, ...others].join(', ')}:`, COHORT(first))]
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** How to go on after the runs, as far as they came. */
export const afterRuns = ({ runs, links }: Pick<RunOfTwo, 'runs' | 'links'>): readonly NextStep[] => {
  const last = runs.at(-1)
  if (last === undefined) return []
  if (last.endedEarly !== undefined) {
    return [step('What was written stands. Go on with it; what has ended is found there:', last.endedEarly.resume)]
  }
  if (last.refused !== undefined)
    return [EXPLAIN, step('Mend what stands in the way, and try again:', typed('migrate', '--final'))]
  if (isDisproved(last))
    return [step('See which rows differ:', typed('verify')), step('Take the copy back:', back(last))]
  const waiting = forWaiting(runs, links === undefined ? typed('migrate', '--online') : typed('migrate'))
  if (links === undefined) return waiting.length === 0 ? [ONLINE, FINAL] : waiting
  return [
    ...(isShutOut(links) ? [SHUT_OUT] : []),
    ...(waiting.length > 0 ? waiting : [...(last.cohort === undefined ? [] : [EVERYBODY]), VERIFY, TELL_SYNAPSE]),
    step(
      'To take back what these runs did, in this order: links, MAS, Keycloak. Then earlier ones (`syn2op runs list`):',
      ...(links.runId === undefined ? [] : [`syn2op link --to mas --undo ${links.runId}`]),
      ...runs.toReversed().map(back),
    ),
  ]
}

/** Cohorts of which no run has been into both. */
const forWaiting = (documents: Parameters<typeof stagesOfTwo>[0], everybody: string): readonly NextStep[] =>
  stageSteps(stagesOfTwo(documents), everybody, COHORT)

const back = ({ runId, target: { product } }: RunOfTwo['runs'][number]): string =>
  `syn2op rollback ${runId} --target ${product === 'Keycloak' ? 'keycloak' : 'mas'}`

/** How to go on after both were compared. */
export const afterVerifications = (document: Pick<VerifyOfTwo, 'verifications' | 'links'>): readonly NextStep[] => {
  const { verifications, links } = document
  const isAside = verifications.some(({ changedSince }) => changedSince !== undefined)
  const everybody = isAside ? typed('migrate', '--online') : typed('migrate')
  const waiting = forWaiting(verifications, everybody)
  if (areProved(document)) {
    if (waiting.length > 0) return waiting
    if (isAside) return [ONLINE, FINAL]
    return verifications.some(({ waiting: left = 0 }) => left > 0)
      ? [step('Go on with those who are left:', everybody)]
      : [TELL_SYNAPSE]
  }
  return [
    EXPLAIN,
    ...(links === undefined || wrongLinks(links) === 0
      ? []
      : [step('See the links, and write those that are missing:', 'syn2op link --to mas')]),
    // Where cohorts wait, a run of everybody would take them along.
    waiting.length === 0
      ? step('Bring both up to date, as you did before:', everybody)
      : step(`Bring its cohort up to date, as you did before (${begunOf(verifications)}):`, COHORT('NAME')),
  ]
}

const begunOf = (verifications: VerifyOfTwo['verifications']): string =>
  stagesOfTwo(verifications)
    .flatMap(({ name, begun }) => (begun ? [name] : []))
    .join(', ')
