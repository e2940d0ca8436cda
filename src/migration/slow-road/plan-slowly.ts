import type { PlanDocument } from '../../report/documents.ts'
import type { Outcome } from '../../targets/changes.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { knownRuns } from './known-runs.ts'
import { planBatches } from './plan-batches.ts'
import { plannedOutcome, totalsOf } from './totals.ts'

/** Asks a target without a road by SQL what it would do with everybody. Writes nothing. */
export const planSlowly = async (
  request: MigrationRequest,
  prepared: Prepared,
): Promise<Pick<PlanDocument, 'outcomes' | 'changes'>> => {
  const { left } = await knownRuns(request, prepared)
  const ended: Pick<Outcome, 'outcome' | 'rows'>[] = []
  const { nameless } = await planBatches(prepared, prepared.source, {
    gone: left,
    signal: request.signal,
    planned: (changes) => ended.push(...changes.map(plannedOutcome)),
  })
  for (let n = 0; n < nameless; n++) ended.push({ outcome: 'held back', rows: [] })
  return totalsOf(ended)
}
