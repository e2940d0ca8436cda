import type { PlanDocument } from '../../report/documents.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { knownRuns } from './known-runs.ts'
import { planBatches } from './plan-batches.ts'
import { newTally, plannedOutcome } from './totals.ts'

/** Asks a target without a road by SQL what it would do with everybody. Writes nothing. */
export const planSlowly = async (
  request: MigrationRequest,
  prepared: Prepared,
): Promise<Pick<PlanDocument, 'outcomes' | 'changes'>> => {
  const { left } = await knownRuns(request, prepared)
  const tally = newTally()
  const { nameless } = await planBatches(prepared, prepared.source, {
    gone: left,
    signal: request.signal,
    planned: (changes) => {
      for (const change of changes) tally.add(plannedOutcome(change))
    },
  })
  for (let n = 0; n < nameless; n++) tally.add({ outcome: 'held back', rows: [] })
  return tally.totals()
}
