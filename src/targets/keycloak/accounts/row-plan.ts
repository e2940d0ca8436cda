import { RELATIONS, type Relation } from '../../../accounts/relations.ts'
import type { RowChanges } from '../../changes.ts'

export type RowAction = 'create' | 'update' | 'remove' | 'unchanged' | 'theirs' | 'foreign'

export interface PlannedRow {
  readonly relation: Relation
  readonly action: RowAction
}

/** Whether it takes a request. */
export const isWritten = ({ action }: PlannedRow): boolean =>
  action === 'create' || action === 'update' || action === 'remove'

export const countRows = (rows: readonly PlannedRow[]): readonly RowChanges[] =>
  RELATIONS.flatMap((relation) => {
    const own = rows.filter((row) => row.relation === relation)
    if (own.length === 0) return []
    const count = (action: RowAction): number => own.filter((row) => row.action === action).length
    return [
      {
        relation,
        create: count('create'),
        update: count('update'),
        remove: count('remove'),
        unchanged: count('unchanged'),
        theirs: count('theirs'),
        foreign: count('foreign'),
      },
    ]
  })
