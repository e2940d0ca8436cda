import type { PlanDocument } from '../report/documents.ts'
import { type AccountChange, CONFLICTS, type ConflictCode, OUTCOME_OF, type Outcome } from '../targets/changes.ts'
import type { SqlRoad } from '../targets/sql-road.ts'
import { roadOfCohort } from './cohort-by-rules.ts'
import { converge } from './converge.ts'
import { findCandidates } from './find-candidates.ts'
import type { OutcomeCollector } from './planned/outcome-groups.ts'
import type { Prepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'

/** What a plan says where the target has rows already. */
type Foreseen = Pick<PlanDocument, 'outcomes' | 'changes' | 'candidates' | 'conflicts'>

/**
 * Plans every batch, or those of one cohort, by the code that would apply it, and applies none.
 * @param collector told what would become of each account.
 */
export const foreseen = async (
  request: MigrationRequest,
  prepared: Prepared,
  collector?: OutcomeCollector,
): Promise<Foreseen> => {
  const road = roadFor(prepared)
  if (road === undefined) return {}
  try {
    return await compareAll(road, request, prepared, collector)
  } finally {
    await road.forgetChanged()
  }
}

const compareAll = async (
  road: SqlRoad,
  { progress, signal }: MigrationRequest,
  prepared: Prepared,
  collector: OutcomeCollector | undefined,
): Promise<Foreseen> => {
  progress.phase('find changes')
  const { cohort } = prepared
  const candidates = await findCandidates(prepared, road, { signal, ...(cohort === undefined ? {} : { cohort }) })
  progress.phase('compare')
  const tally = await converge({
    prepared,
    candidates,
    progress,
    signal,
    perform: async (batch, target) => {
      const changes = await target.plan(batch, { signal })
      const outcomes = changes.accounts.map(asOutcome)
      await changes.discard()
      const [reader] = batch.source.readers
      if (reader !== undefined) await collector?.add(outcomes, reader)
      return { outcomes }
    },
  })
  const { outcomes, changes, conflicts } = tally.result()
  return { outcomes, changes, conflicts, candidates: candidates.count }
}

/** Cohorts that were frozen are known to the target. */
const roadFor = ({ target, cohort, membership, decisions, scout }: Prepared): SqlRoad | undefined =>
  target.sql === undefined || cohort === undefined || membership?.at !== 'source'
    ? target.sql
    : roadOfCohort(target.sql, { membership, cohort, decisions, reader: scout })

/** In the words of the outcome. */
const inTheWay = (reason: string | undefined, against: string): string =>
  reason !== undefined && Object.hasOwn(CONFLICTS, reason)
    ? `${CONFLICTS[reason as ConflictCode]}: ${against}`
    : against

const asOutcome = ({ mxid, change, reason, against, message, rows }: AccountChange): Outcome => ({
  mxid,
  outcome: OUTCOME_OF[change],
  rows,
  ...(reason === undefined ? {} : { reason }),
  ...(message === undefined ? {} : { message }),
  ...(against === undefined ? {} : { message: inTheWay(reason, against) }),
})
