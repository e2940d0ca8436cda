import type { PlannedRow } from '../row-changes.ts'

/** A row of a user that would be deleted whole: `remove` where it is as we wrote it, else `theirs`. */
export const rowAsWritten = (relation: PlannedRow['relation'], isIntact: boolean): PlannedRow => ({
  relation,
  action: isIntact ? 'remove' : 'theirs',
})

/** Rows by their digests: those that we wrote, and what others have added, which would go with the user. */
export const comparedRows = (
  relation: PlannedRow['relation'],
  base: readonly string[],
  present: readonly string[],
): readonly PlannedRow[] => [
  ...base.map((digest) => rowAsWritten(relation, present.includes(digest))),
  ...present.filter((digest) => !base.includes(digest)).map(() => rowAsWritten(relation, false)),
]
