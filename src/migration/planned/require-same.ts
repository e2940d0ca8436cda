import { type Problem, Syn2opError } from '../../errors/syn2op-error.ts'
import type { DecidedAccounts, Fingerprints, RowRules } from '../../report/plan-parts.ts'
import type { BindingPlan } from './plan-file.ts'
import { rowRuleDifferences } from './row-rules.ts'

/** What a run is about to do, in so far as a plan must be of the same. */
export interface AboutToRun {
  readonly serverName: string
  readonly fingerprints: Fingerprints
  readonly mappingFile: string
  readonly cohort: string | undefined
  readonly road: DecidedAccounts['road']
  readonly rows: RowRules
}

/**
 * Whether the plan is of this homeserver, this target, these rules and this part of the accounts.
 * @throws Syn2opError plan.other, with all that is another.
 */
export const requireSame = ({ file, document }: BindingPlan, run: AboutToRun): void => {
  const problems = [...otherEnds(document, run), ...otherRules(document, run), ...otherPart(document, run)]
  if (problems.length === 0) return
  throw new Syn2opError('plan.other', `Nothing was written: ${file} is a plan of something else`, {
    problems: problems.map((message): Problem => ({ message })),
    next: ['Make a plan of this migration: syn2op plan --out plan.json'],
  })
}

const otherEnds = (plan: BindingPlan['document'], run: AboutToRun): readonly string[] => {
  if (plan.serverName !== run.serverName)
    return [`It is of the homeserver ${plan.serverName}, and this is ${run.serverName}.`]
  return [
    ...(plan.fingerprints.source === run.fingerprints.source
      ? []
      : [`It was made from ${plan.source.location}, whose first account is not the first one here.`]),
    ...(plan.fingerprints.target === run.fingerprints.target
      ? []
      : [`It was made for ${plan.target.product} at ${plan.target.location}, which is another target.`]),
  ]
}

/** By other rules of the mapping, providers may be others on purpose. */
const otherRules = ({ mapping, decided }: BindingPlan['document'], run: AboutToRun): readonly string[] =>
  mapping.sha256 === run.fingerprints.mapping
    ? rowRuleDifferences(decided.rows, run.rows)
    : [
        `It was made by the rules of ${mapping.file} (sha256 ${mapping.sha256}), and these are ${run.mappingFile} (sha256 ${run.fingerprints.mapping}).`,
      ]

const otherPart = ({ cohort, decided }: BindingPlan['document'], run: AboutToRun): readonly string[] => [
  ...(cohort === run.cohort ? [] : [`It is of ${partOf(cohort)}, and this run is of ${partOf(run.cohort)}.`]),
  ...(isOnItsWay(decided.road, run.road)
    ? []
    : [`It was made for ${TARGETS[decided.road]}, and this is ${TARGETS[run.road]}.`]),
]

const partOf = (cohort: string | undefined): string => (cohort === undefined ? 'everybody' : `the cohort ${cohort}`)

const TARGETS: Readonly<Record<DecidedAccounts['road'], string>> = {
  load: 'an empty target',
  copy: 'a target where a copy stands aside',
  merge: 'a target with people',
}

/** What was planned for an empty target is done by the online copy that was begun there, and by its end. */
const isOnItsWay = (planned: DecidedAccounts['road'], now: DecidedAccounts['road']): boolean =>
  planned === now || (planned === 'load' && now === 'copy')
