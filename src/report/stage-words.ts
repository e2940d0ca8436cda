import { formatInteger } from '../terminal/numbers.ts'
import { counted } from './counted.ts'
import type { NextStep } from './next-steps.ts'
import type { Stage } from './run-parts.ts'

/** Cohorts of which nobody has been looked at yet. */
export const waitingStages = (stages: readonly Stage[]): readonly Stage[] =>
  stages.filter(({ begun, members }) => !begun && members > 0)

/** How far a cohort has come, in a word or two. */
export const stageState = ({ begun, members, recorded }: Stage): string => {
  if (!begun) return members === 0 ? 'nobody in it' : 'to do'
  return recorded >= members ? 'done' : 'begun'
}

/** The table of cohorts: one row each, and all of them. */
export const STAGE_COLUMNS = ['Cohort', 'Accounts', 'On record', 'Stage'] as const

export const stageRows = (stages: readonly Stage[]): readonly (readonly string[])[] => [
  ...stages.map((stage) => [
    stage.name,
    formatInteger(stage.members),
    formatInteger(stage.recorded),
    stageState(stage),
  ]),
  [
    'in all',
    formatInteger(stages.reduce((sum, { members }) => sum + members, 0)),
    formatInteger(stages.reduce((sum, { recorded }) => sum + recorded, 0)),
    '',
  ],
]

/** `4 of 6 cohorts are begun; 1,200 accounts wait for theirs.` */
export const stagesSentence = (stages: readonly Stage[]): string => {
  const waiting = waitingStages(stages)
  if (waiting.length === 0) return `Every one of ${counted(stages.length, 'cohort', 'cohorts')} is begun: none waits.`
  const accounts = waiting.reduce((sum, { members }) => sum + members, 0)
  const begun = stages.filter((stage) => stage.begun).length
  return `${formatInteger(begun)} of ${counted(stages.length, 'cohort', 'cohorts')} begun; ${counted(accounts, 'account waits for its', 'accounts wait for their')} stage.`
}

/** Of a copy that is not known to be right. */
export const unprovedSentence = (runId: string): string =>
  `What run ${runId} wrote was found wrong, or not all of it was compared.`

/** Before the cut-over: a copy that is not known to be right is compared as a whole by the next run of everybody. */
export const PROVE_FIRST =
  'Have the whole copy compared, which --final does else while Synapse is stopped; this brings it up to date too:'

const ofCohort = (name: string): string => `syn2op migrate --cohort ${name}`

/** What to type for the cohorts that are left; none: nothing. */
export const stageSteps = (
  stages: readonly Stage[],
  everybody: string,
  ofOne: (cohort: string) => string = ofCohort,
): readonly NextStep[] => {
  const [next, ...others] = waitingStages(stages)
  if (next === undefined) return []
  return [
    {
      text: `Copy the next cohort, of ${counted(next.members, 'account', 'accounts')}${others.length === 0 ? '' : `; after it ${others.map(({ name }) => name).join(', ')}`}:`,
      commands: [ofOne(next.name)],
    },
    { text: 'Or everybody who is left at once:', commands: [everybody] },
  ]
}
