import type { Outcome, RowChanges } from '../changes.ts'

/** What was sent for an account and may have been done. */
export interface Sent {
  readonly outcome: 'created' | 'updated' | 'removed'
  readonly rows: readonly RowChanges[]
}

/**
 * The outcome of an account for which something had been sent before it was looked at anew: what is found done counts as done now.
 * @param found the user, as it was looked at anew
 */
export const credited = (
  outcome: Outcome,
  sent: Sent,
  found: 'nobody' | 'made by this run' | 'made before',
): Outcome => {
  const { mxid, outcome: now, rows } = outcome
  const isThere = now === 'unchanged' || now === 'updated'
  if (sent.outcome === 'created' && isThere && found === 'made by this run') return { mxid, ...sent }
  if (sent.outcome === 'updated' && isThere) return { mxid, outcome: 'updated', rows: joined(sent.rows, rows) }
  const isAway = now === 'unchanged' || now === 'held back'
  if (sent.outcome === 'removed' && isAway && found === 'nobody') return { mxid, ...sent }
  return outcome
}

/**
 * The outcome of an account of which rows had been written for the sake of others: they are told, whatever has become of the rest.
 */
export const withTouched = (outcome: Outcome, touched: readonly RowChanges[]): Outcome => {
  const { outcome: kind, rows } = outcome
  if (touched.length === 0 || kind === 'created' || kind === 'removed') return outcome
  return { ...outcome, outcome: kind === 'unchanged' ? 'updated' : kind, rows: joined(touched, rows) }
}

/** What was done of the first and is not to be done any more is unchanged in the second. */
const joined = (first: readonly RowChanges[], second: readonly RowChanges[]): readonly RowChanges[] => [
  ...second.map((row) => {
    const before = first.find(({ relation }) => relation === row.relation)
    if (before === undefined) return row
    const create = Math.max(before.create, row.create)
    const update = Math.max(before.update, row.update)
    const remove = Math.max(before.remove, row.remove)
    const unchanged = Math.max(0, row.unchanged - (create - row.create) - (update - row.update))
    return { ...row, create, update, remove, unchanged }
  }),
  ...first.filter(({ relation }) => !second.some((row) => row.relation === relation)),
]
