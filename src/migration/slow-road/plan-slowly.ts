import type { PlanDocument } from '../../report/documents.ts'
import type { OutcomeCollector } from '../planned/outcome-groups.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { frozenByRuns, knownRuns } from './known-runs.ts'
import { EVERYBODY, lookedAt } from './looked-at.ts'
import { planBatches } from './plan-batches.ts'
import { newTally, plannedOutcome } from './totals.ts'

/** Readers of its own will do: their snapshot ends with the names of the accounts. */
type PreparedForPlan = Pick<Prepared, 'target' | 'readers' | 'head' | 'membership' | 'cohort' | 'source'>

/** Asks a target without a road by SQL what it would do with everybody, or with one cohort. Writes nothing. */
export const planSlowly = async (
  request: MigrationRequest,
  prepared: PreparedForPlan,
  collector?: OutcomeCollector,
): Promise<Pick<PlanDocument, 'outcomes' | 'changes'>> => {
  const known = await knownRuns(request, prepared)
  const { membership, cohort } = prepared
  const looked =
    membership?.at === 'source' && cohort !== undefined
      ? lookedAt(membership, [cohort], frozenByRuns(known))
      : EVERYBODY
  const tally = newTally()
  const { nameless } = await planBatches(prepared, prepared.source, {
    gone: known.left,
    looked,
    signal: request.signal,
    progress: request.progress,
    planned: async (changes, reader) => {
      const outcomes = changes.map(plannedOutcome)
      for (const outcome of outcomes) tally.add(outcome)
      await collector?.add(outcomes, reader)
    },
  })
  for (let n = 0; n < nameless; n++) tally.add({ outcome: 'held back', rows: [] })
  return tally.totals()
}
