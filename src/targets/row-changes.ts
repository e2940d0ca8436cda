import { RELATIONS, type Relation } from '../accounts/relations.ts'
import type { RowChanges } from './changes.ts'

/** What becomes of one row at a target. */
export type RowAction = 'create' | 'update' | 'remove' | 'unchanged' | 'theirs' | 'foreign'

export interface PlannedRow {
  readonly relation: Relation
  readonly action: RowAction
}

/** Whether it takes a request. */
export const isWritten = ({ action }: PlannedRow): boolean =>
  action === 'create' || action === 'update' || action === 'remove'

/** The rows of one account, as its change tells them: relations of which it has some, in the order of every report. */
export const countRows = (rows: readonly PlannedRow[]): readonly RowChanges[] =>
  RELATIONS.flatMap((relation) => {
    const own = rows.filter((row) => row.relation === relation)
    if (own.length === 0) return []
    return [rowChanges(relation, (action) => own.filter((row) => row.action === action).length)]
  })

/** How many rows of a relation there are of each action. */
export const rowChanges = (relation: Relation, count: (action: RowAction) => number): RowChanges => ({
  relation,
  create: count('create'),
  update: count('update'),
  remove: count('remove'),
  unchanged: count('unchanged'),
  theirs: count('theirs'),
  foreign: count('foreign'),
})
