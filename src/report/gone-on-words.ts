import type { RelationChanges } from './documents.ts'

/** The columns of the table of changes, in their order. */
export const CHANGE_COLUMNS: readonly {
  readonly title: string
  readonly of: Exclude<keyof RelationChanges, 'relation'>
}[] = [
  { title: 'Created', of: 'create' },
  { title: 'Updated', of: 'update' },
  { title: 'Removed', of: 'remove' },
  { title: 'Unchanged', of: 'unchanged' },
  { title: 'Theirs', of: 'theirs' },
  { title: 'Foreign', of: 'foreign' },
]
