import type { PlanDocument } from '../report/documents.ts'
import type { PlanComparison, PlanDrift } from '../report/plan-comparison.ts'
import type { DecidedAccounts } from '../report/plan-parts.ts'
import { countPeople } from './count-people.ts'
import { predictAll } from './find-predictions.ts'
import { forecast } from './forecast/forecast.ts'
import { phaseTimes } from './forecast/phase-times.ts'
import { foreseen } from './foreseen.ts'
import { namesIn } from './membership.ts'
import { changedDecisions, requireComparable } from './planned/changed-decisions.ts'
import { comparePlans } from './planned/compare-plans.ts'
import { fingerprintsOf } from './planned/fingerprints.ts'
import { type OutcomeCollector, outcomeCollector, packOutcomes } from './planned/outcome-groups.ts'
import type { PlanFile } from './planned/plan-file.ts'
import { type DecidedGroups, packGroups, readDecided } from './planned/read-decided.ts'
import { rowRulesOf } from './planned/row-rules.ts'
import { type Prepared, withPrepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'
import { planSlowly } from './slow-road/plan-slowly.ts'

/**
 * Says for every account and row what will become of it. Of the target's rows it changes none; where the target has rows
 * already, its journal may be made, and the list of accounts in it that is compared with is gone at the end.
 */
export const plan = (request: MigrationRequest): Promise<PlanDocument> => {
  const started = performance.now()
  return withPrepared(request, 'look', async (prepared) => {
    const prepare = (performance.now() - started) / 1000
    const { compare } = request
    if (compare !== undefined) requireComparable(compare, prepared)
    // Where a migration is impossible as things are, there may be nothing that can be looked at.
    if (prepared.head.findings.some(({ severity }) => severity === 'error')) {
      return compared({ ...toPlan(request, prepared), ...providersOf(prepared) }, compare)
    }
    const predicted = await predictAll(request, prepared, await lookedAt(prepared))
    const fingerprints = await fingerprintsOf(request, prepared)
    const groups =
      request.decided === undefined && compare?.document.decided === undefined ? undefined : await readDecided(prepared)
    const accounts =
      compare === undefined || groups === undefined ? undefined : await changedDecisions(compare, groups, prepared)
    const collector = request.decided === undefined ? undefined : outcomeCollector()
    const { progress, secondsOf } = phaseTimes(request.progress)
    const planned = await whatWouldChange({ ...request, progress }, prepared, collector)
    const [find, compareSeconds] = [secondsOf('find changes'), secondsOf('compare')]
    const { candidates, outcomes } = planned
    const times = { prepare, find, compare: compareSeconds, candidates, outcomes }
    const foretold = request.forecast === 'none' ? undefined : await forecast(request, prepared, times)
    const document: PlanDocument = {
      ...toPlan(request, prepared),
      ...providersOf(prepared),
      people: await countPeople(prepared),
      ...planned,
      ...predicted,
      fingerprints,
      ...(foretold === undefined ? {} : { forecast: foretold }),
      ...(groups === undefined || collector === undefined
        ? {}
        : { decided: decidedAccounts(prepared, groups, collector) }),
    }
    return compared(document, compare, accounts)
  })
}

const providersOf = ({ providers }: Prepared): Pick<PlanDocument, 'providers'> =>
  providers === undefined ? {} : { providers }

const lookedAt = async ({
  membership,
  cohort,
  source: { relations },
  scout,
}: Prepared): Promise<((mxid: string) => boolean) | undefined> => {
  if (membership === undefined || cohort === undefined) return undefined
  const names = await namesIn(membership, cohort, { relations, reader: scout })
  return (mxid) => names.has(mxid)
}

/** Nothing where the target is empty, so that everybody is created. */
const whatWouldChange = async (
  request: MigrationRequest,
  prepared: Prepared,
  collector: OutcomeCollector | undefined,
): Promise<Partial<PlanDocument>> => {
  if (prepared.target.sql === undefined) return planSlowly(request, prepared, collector)
  return prepared.road?.road === 'load' ? {} : foreseen(request, prepared, collector)
}

/** A copy that stands aside is nobody's but ours: what would become of it follows from the source. */
const decidedAccounts = (prepared: Prepared, groups: DecidedGroups, collector: OutcomeCollector): DecidedAccounts => ({
  road: prepared.road?.road ?? 'merge',
  rows: rowRulesOf(prepared),
  accounts: packGroups(groups),
  ...((prepared.road?.road ?? 'merge') === 'merge' ? { outcomes: packOutcomes(collector.groups()) } : {}),
})

const compared = (
  document: PlanDocument,
  compare: PlanFile | undefined,
  accounts?: PlanComparison['accounts'],
): PlanDocument =>
  compare === undefined ? document : { ...document, comparison: comparePlans(compare, document, accounts) }

export const toPlan = (
  { mapping: { file, sha256 } }: Pick<MigrationRequest, 'mapping'>,
  { head, relations, cohort, cohorts }: Pick<Prepared, 'head' | 'relations' | 'cohort' | 'cohorts'>,
  drift?: PlanDrift,
): PlanDocument => ({
  kind: 'plan',
  ...head,
  relations,
  mapping: { file, sha256 },
  ...(cohort === undefined ? {} : { cohort }),
  ...(cohorts === undefined ? {} : { cohorts }),
  ...(drift === undefined ? {} : { drift }),
})
