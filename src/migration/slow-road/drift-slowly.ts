import type { PlanDrift } from '../../report/plan-comparison.ts'
import { withSource } from '../open-source.ts'
import { requireAsPlanned } from '../planned/as-planned.ts'
import { type OutcomeGroups, outcomeCollector } from '../planned/outcome-groups.ts'
import type { BindingPlan } from '../planned/plan-file.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { planSlowly } from './plan-slowly.ts'
import type { SlowRun } from './runs.ts'

interface DriftOptions {
  readonly bound: BindingPlan
  readonly resumes: SlowRun | undefined
}

/**
 * What is new since the plan that a run is bound to. The target is asked about everybody before anything is written there,
 * over connections of their own: the run's snapshot is to decide about everybody afterwards.
 * @throws Syn2opError plan.other, plan.differs
 */
export const driftSlowly = (
  request: MigrationRequest,
  prepared: Prepared,
  { bound, resumes }: DriftOptions,
): Promise<PlanDrift> => {
  // Its rows are decided by its own as-of time, and were counted by another one; a part of the accounts is done.
  if (resumes !== undefined) {
    return requireAsPlanned(bound, request, { prepared: { ...prepared, relations: bound.document.relations } })
  }
  const { target } = prepared
  const outcomes = (): Promise<OutcomeGroups> =>
    // Names are settled already.
    withSource(request, { providers: target.providers }, async ({ readers }) => {
      const collector = outcomeCollector()
      await planSlowly(request, { ...prepared, readers }, collector)
      return collector.groups()
    })
  return requireAsPlanned(bound, request, { prepared, outcomes })
}
