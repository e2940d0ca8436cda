import { type Problem, Syn2opError } from '../../errors/syn2op-error.ts'
import type { CountChange, PlanDrift } from '../../report/plan-comparison.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { compareGroups, type GroupDifference } from './compare-groups.ts'
import { countChanges, newKinds, takenAway } from './count-changes.ts'
import { decisionSentence, kindSentence, newWarnings, outcomeSentence, takenSentence } from './difference-words.ts'
import { fingerprintsOf } from './fingerprints.ts'
import { hasOwner } from './has-owner.ts'
import { nameOwners } from './name-owners.ts'
import { nameRows } from './name-rows.ts'
import { outcomeDifferences } from './outcome-differences.ts'
import { type OutcomeGroups, unpackOutcomes } from './outcome-groups.ts'
import { anewCommands } from './plan-commands.ts'
import type { BindingPlan } from './plan-file.ts'
import { type DecidedGroups, readDecided, unpackGroups } from './read-decided.ts'
import { requireSame } from './require-same.ts'
import { rowRulesOf } from './row-rules.ts'

interface AsPlannedOptions {
  readonly prepared: Prepared
  /** What would become of the accounts at a target with people; absent: the run goes on with what it began. */
  readonly outcomes?: () => Promise<OutcomeGroups>
}

/**
 * Whether a run would do what its plan says, told before anything is written, in the run's own snapshot.
 * @returns what is new since the plan, and decided by the same rules.
 * @throws Syn2opError plan.other; plan.differs with each difference, how many accounts it is about, and some names.
 */
export const requireAsPlanned = async (
  plan: BindingPlan,
  request: MigrationRequest,
  { prepared, outcomes }: AsPlannedOptions,
): Promise<PlanDrift> => {
  const { document } = plan
  const { decided, relations } = document
  const { cohort, road, head } = prepared
  request.progress.phase('compare with the plan')
  requireSame(plan, {
    serverName: head.serverName,
    fingerprints: await fingerprintsOf(request, prepared),
    mappingFile: request.mapping.file,
    cohort,
    road: road?.road ?? 'merge',
    rows: rowRulesOf(prepared),
  })
  const planned = unpackGroups(decided.accounts)
  const now = await readDecided(prepared)
  const difference = compareGroups(planned, now)
  const rows = countChanges(relations, prepared.relations)
  const sentences = [
    ...(await decisionProblems(difference, prepared)),
    ...(await kindProblems(newKinds(rows), prepared)),
    ...takenAway(rows, countOf(difference.onlyNow) + countOf(difference.onlyBefore)).map(takenSentence),
    ...newWarnings(document.findings, head.findings).map(
      ({ code, message }) => `New since the plan: ${code}: ${message}`,
    ),
    ...(await outcomeProblems(plan, { prepared, planned, now, outcomes })),
  ]
  if (sentences.length > 0) throw differs(plan, sentences, anewCommands(request.command, plan.file, cohort))
  return {
    plan: { file: plan.file, asOf: document.asOf },
    newAccounts: countOf(difference.onlyNow),
    goneAccounts: countOf(difference.onlyBefore),
    rows,
  }
}

const countOf = (groups: GroupDifference<string | null>['onlyNow']): number =>
  [...groups.values()].reduce((sum, { length }) => sum + length, 0)

const decisionProblems = async (
  { moved }: GroupDifference<string | null>,
  prepared: Prepared,
): Promise<readonly string[]> => {
  const sentences: string[] = []
  for (const { before, now, owners } of moved) {
    const samples = await nameOwners(owners, namesFrom(prepared))
    sentences.push(decisionSentence({ before, now, count: owners.length, samples }))
  }
  return sentences
}

const kindProblems = async (kinds: readonly CountChange[], prepared: Prepared): Promise<readonly string[]> => {
  const sentences: string[] = []
  for (const kind of kinds) sentences.push(kindSentence(kind, await nameRows(kind, prepared)))
  return sentences
}

interface OutcomesNow {
  readonly prepared: Prepared
  readonly planned: DecidedGroups
  readonly now: DecidedGroups
  readonly outcomes: AsPlannedOptions['outcomes'] | undefined
}

const outcomeProblems = async (
  { document: { decided } }: BindingPlan,
  { prepared, planned, now, outcomes }: OutcomesNow,
): Promise<readonly string[]> => {
  if (decided.outcomes === undefined || outcomes === undefined) return []
  const differences = outcomeDifferences(unpackOutcomes(decided.outcomes), await outcomes(), {
    isPlanned: (owner) => hasOwner(planned, owner),
    isThere: (owner) => hasOwner(now, owner),
  })
  const sentences: string[] = []
  for (const { owners, ...keys } of differences) {
    const samples = await nameOwners(owners, namesFrom(prepared))
    sentences.push(outcomeSentence({ ...keys, count: owners.length, samples }))
  }
  return sentences
}

const namesFrom = ({ source, scout }: Prepared): Parameters<typeof nameOwners>[1] => ({
  relations: source.relations,
  reader: scout,
})

const differs = (
  { file }: BindingPlan,
  sentences: readonly string[],
  { plan, migrate }: ReturnType<typeof anewCommands>,
): Syn2opError =>
  new Syn2opError('plan.differs', `Nothing was written: this is not what ${file} has planned`, {
    problems: sentences.map((message): Problem => ({ message })),
    next: [`See all that is new: ${plan}`, `Then bind the run to the new plan: ${migrate}`],
  })
