import type { Relation } from '../accounts/relations.ts'
import type { ReasonCount, RelationCount } from './documents.ts'

/** Puts the counts by reason (NULL: carried) of one relation together. */
export const relationCount = (
  relation: Relation,
  rows: readonly { readonly reason: string | null; readonly count: number }[],
): RelationCount => {
  const left = rows
    .filter((row): row is ReasonCount => row.reason !== null)
    .map(({ reason, count }) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason, 'en'))
  const carried = rows.find(({ reason }) => reason === null)?.count ?? 0
  return { relation, read: carried + left.reduce((sum, { count }) => sum + count, 0), carried, left }
}
