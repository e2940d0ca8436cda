import { RELATIONS, type Relation } from '../accounts/relations.ts'
import type { AccountOutcomes, AccountSample, RelationChanges } from '../report/run-parts.ts'
import type { AccountDecision } from '../targets/batch.ts'
import type { Outcome, RowChanges } from '../targets/changes.ts'
import type { RecordedDecisions } from '../targets/sql-road.ts'

/** Counts what became of accounts and their rows, batch by batch; of names it keeps a few. */
export interface OutcomeTally {
  /** Accounts that did not change since they were last written. */
  addUnchanged(recorded: readonly RecordedDecisions[]): void
  add(decisions: readonly AccountDecision[], outcomes: readonly Outcome[]): void
  result(): TallyResult
}

export interface TallyResult {
  readonly accounts: AccountOutcomes
  readonly changes: readonly RelationChanges[]
  readonly rejected: readonly AccountSample[]
  readonly conflicts: readonly AccountSample[]
  /** Accounts to migrate that are not at the target. */
  readonly missing: number
  /** Of all accounts of the source: how many are decided migrate (null) or held back for which reason. */
  readonly decided: ReadonlyMap<string | null, number>
}

/** As many names as a report shows; the run's folder has them all. */
const SHOWN = 50

const COUNTS = ['create', 'update', 'remove', 'unchanged', 'theirs', 'foreign'] as const

export const outcomeTally = (): OutcomeTally => {
  const counts = { created: 0, updated: 0, unchanged: 0, heldBack: 0, rejected: 0, notAttempted: 0, removed: 0 }
  const decided = new Map<string | null, number>()
  const rows = new Map<Relation, Record<(typeof COUNTS)[number], number>>()
  const rejected: AccountSample[] = []
  const conflicts: AccountSample[] = []
  let conflictCount = 0

  const addRows = ({ relation, ...counted }: RowChanges): void => {
    const sum = rows.get(relation) ?? { create: 0, update: 0, remove: 0, unchanged: 0, theirs: 0, foreign: 0 }
    for (const name of COUNTS) sum[name] += counted[name]
    rows.set(relation, sum)
  }
  const count = (decision: AccountDecision, { outcome }: Outcome): void => {
    if (outcome === 'removed') counts.removed += 1
    if (decision.decision === 'gone') return
    switch (outcome) {
      case 'created':
      case 'updated':
      case 'rejected':
        counts[outcome] += 1
        return
      case 'not attempted':
        counts.notAttempted += 1
        return
      default:
        counts[decision.decision === 'hold back' || outcome === 'held back' ? 'heldBack' : 'unchanged'] += 1
    }
  }
  return {
    addUnchanged: (recorded) => {
      for (const { reason, count: accounts } of recorded) {
        decided.set(reason, (decided.get(reason) ?? 0) + accounts)
        counts[reason === null ? 'unchanged' : 'heldBack'] += accounts
      }
    },
    add: (decisions, outcomes) => {
      const byMxid = new Map(outcomes.map((outcome) => [outcome.mxid, outcome]))
      for (const decision of decisions) {
        const { mxid } = decision
        const outcome = byMxid.get(mxid) ?? { mxid, outcome: 'not attempted', rows: [] }
        if (decision.decision !== 'gone') {
          const reason = decision.decision === 'hold back' ? decision.reason : null
          decided.set(reason, (decided.get(reason) ?? 0) + 1)
        }
        count(decision, outcome)
        for (const each of outcome.rows) addRows(each)
        if (outcome.outcome === 'rejected' && rejected.length < SHOWN) rejected.push(sampleOf(outcome))
        if (decision.decision === 'migrate' && outcome.outcome === 'held back') {
          conflictCount += 1
          if (conflicts.length < SHOWN) conflicts.push(sampleOf(outcome))
        }
      }
    },
    result: () => ({
      accounts: { ...counts, conflicts: conflictCount },
      changes: RELATIONS.flatMap((relation) => {
        const sum = rows.get(relation)
        return sum === undefined ? [] : [{ relation, ...sum }]
      }),
      rejected,
      conflicts,
      missing: counts.rejected + counts.notAttempted + conflictCount,
      decided,
    }),
  }
}

const sampleOf = ({ mxid, reason, message }: Outcome): AccountSample => ({
  mxid,
  ...(reason === undefined ? {} : { reason }),
  ...(message === undefined ? {} : { message }),
})
