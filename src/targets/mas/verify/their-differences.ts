import type { OpenedRow } from '../../../difference/bucket-hash.ts'
import { compareRows, toDifferences } from '../../../difference/compare.ts'
import type { RowForm } from '../../../difference/table-shape.ts'
import type { RowDifference } from '../../../report/documents.ts'

/**
 * Rows that were changed at the target since we wrote them, as a person reads them: in which columns they are not what
 * the source wants, or that they are gone.
 */
export const theirDifferences = (
  form: RowForm,
  { wanted, present }: { readonly wanted: readonly OpenedRow[]; readonly present: readonly OpenedRow[] },
): readonly RowDifference[] =>
  toDifferences(form, compareRows(form, wanted, present)).map((difference) => ({ ...difference, kind: 'theirs' }))
