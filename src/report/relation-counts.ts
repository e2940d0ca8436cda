import type { Relation } from '../accounts/relations.ts'
import type { ReasonCount, RelationCount } from './documents.ts'

interface CountedReason {
  /** NULL: carried. */
  readonly reason: string | null
  readonly count: number
}

/** Puts the counts by reason of one relation together. */
export const relationCount = (relation: Relation, rows: readonly CountedReason[]): RelationCount => ({
  relation,
  ...countsByReason(rows),
})

/** Puts counts by reason together, the largest first. */
export const countsByReason = (rows: readonly CountedReason[]): Omit<RelationCount, 'relation'> => {
  const left = rows
    .filter((row): row is ReasonCount => row.reason !== null)
    .map(({ reason, count }) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason, 'en'))
  const carried = rows.find(({ reason }) => reason === null)?.count ?? 0
  return { read: carried + left.reduce((sum, { count }) => sum + count, 0), carried, left }
}
