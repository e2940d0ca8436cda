import { RELATIONS, type Relation } from '../accounts/relations.ts'
import type { OutcomeCount, RelationChanges, RelationCount } from '../report/documents.ts'
import type { AccountSample } from '../report/run-parts.ts'
import type { AccountDecision } from '../targets/batch.ts'
import { CONFLICTS, OUTCOMES, type Outcome, type OutcomeKind, type RowChanges } from '../targets/changes.ts'
import type { RecordedDecisions } from '../targets/sql-road.ts'

/** Counts what became of accounts and their rows, batch by batch; of names it keeps a few. */
export interface OutcomeTally {
  /** Accounts that did not change since they were last written, and those that no batch can name. */
  addUnchanged(recorded: readonly RecordedDecisions[]): void
  add(decisions: readonly AccountDecision[], outcomes: readonly Outcome[]): void
  result(): TallyResult
}

export interface TallyResult {
  readonly outcomes: readonly OutcomeCount[]
  readonly changes: readonly RelationChanges[]
  /** The decisions about all accounts of the source. */
  readonly accounts: RelationCount
  readonly rejected: readonly AccountSample[]
  readonly conflicts: readonly AccountSample[]
  /** Accounts to migrate that are not at the target: the first of them, and how many. */
  readonly missing: { readonly samples: readonly AccountSample[]; readonly count: number }
}

/** As many names as a report shows; the run's folder has them all. */
const SHOWN = 50

const COUNTS = ['create', 'update', 'remove', 'unchanged', 'theirs', 'foreign'] as const

const ARRIVED: readonly OutcomeKind[] = ['created', 'updated', 'unchanged']

export const outcomeTally = (): OutcomeTally => {
  const counts = new Map<OutcomeKind, number>()
  const decided = new Map<string | null, number>()
  const rows = new Map<Relation, Record<(typeof COUNTS)[number], number>>()
  const samples: Record<'rejected' | 'conflicts' | 'missing', AccountSample[]> = {
    rejected: [],
    conflicts: [],
    missing: [],
  }
  let missing = 0

  const addRows = ({ relation, ...counted }: RowChanges): void => {
    const sum = rows.get(relation) ?? { create: 0, update: 0, remove: 0, unchanged: 0, theirs: 0, foreign: 0 }
    for (const name of COUNTS) sum[name] += counted[name]
    rows.set(relation, sum)
  }
  const show = (list: AccountSample[], outcome: Outcome): void => {
    if (list.length < SHOWN) list.push(sampleOf(outcome))
  }
  const addOne = (decision: AccountDecision, outcome: Outcome): void => {
    increase(counts, outcome.outcome, 1)
    for (const each of outcome.rows) addRows(each)
    if (outcome.outcome === 'rejected') show(samples.rejected, outcome)
    if (decision.decision === 'gone') return
    increase(decided, decision.decision === 'hold back' ? decision.reason : null, 1)
    if (decision.decision === 'hold back' || ARRIVED.includes(outcome.outcome)) return
    if (outcome.outcome === 'held back') show(samples.conflicts, outcome)
    missing += 1
    show(samples.missing, outcome)
  }
  return {
    addUnchanged: (recorded) => {
      for (const { reason, count } of recorded) {
        increase(decided, reason, count)
        increase(counts, reason === null ? 'unchanged' : 'held back', count)
        if (reason !== null && Object.hasOwn(CONFLICTS, reason)) missing += count
      }
    },
    add: (decisions, outcomes) => {
      const byMxid = new Map(outcomes.map((outcome) => [outcome.mxid, outcome]))
      for (const decision of decisions) {
        const { mxid } = decision
        addOne(decision, byMxid.get(mxid) ?? { mxid, outcome: 'not attempted', rows: [] })
      }
    },
    result: () => ({
      outcomes: OUTCOMES.flatMap((outcome) => {
        const count = counts.get(outcome) ?? 0
        return count === 0 ? [] : [{ outcome, count }]
      }),
      changes: RELATIONS.flatMap((relation) => {
        const sum = rows.get(relation)
        return sum === undefined ? [] : [{ relation, ...sum }]
      }),
      accounts: accountCount(decided),
      rejected: samples.rejected,
      conflicts: samples.conflicts,
      missing: { samples: samples.missing, count: missing },
    }),
  }
}

const accountCount = (decided: ReadonlyMap<string | null, number>): RelationCount => ({
  relation: 'account',
  read: [...decided.values()].reduce((sum, count) => sum + count, 0),
  carried: decided.get(null) ?? 0,
  left: [...decided]
    .flatMap(([reason, count]) => (reason === null || count === 0 ? [] : [{ reason, count }]))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
})

const increase = <Key>(counts: Map<Key, number>, key: Key, by: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

const sampleOf = ({ mxid, reason, message }: Outcome): AccountSample => ({
  mxid,
  ...(reason === undefined ? {} : { reason }),
  ...(message === undefined ? {} : { message }),
})
