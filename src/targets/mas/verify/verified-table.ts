import type { Client } from 'pg'
import type { Bucket } from '../../../difference/bucket-hash.ts'
import { requireComparableHashes } from '../../../difference/comparable-hashes.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import type { RowDifference, TableVerification } from '../../../report/documents.ts'
import type { VerifyResult } from '../../target.ts'

/** Into how many buckets a table is hashed. */
export const BUCKETS = 8192

/** More differing buckets than these of one table are not opened; their rows are counted as rows that may differ. */
export const OPENED_BUCKETS = 256

/** How many differences of a table are shown. */
export const SHOWN = 50

export interface VerifiedTable {
  readonly verification: TableVerification
  readonly differences: readonly RowDifference[]
}

/** One table over one pair of connections. */
export type VerifyOne = (
  shape: TableShape,
  ends: { readonly table: number; readonly source: Client; readonly target: Client },
) => Promise<VerifiedTable>

/**
 * Verifies a table after the other over each pair of connections.
 * @param sources connections within one snapshot of the source.
 * @param targets as many to the target.
 */
export const verifyEach = async (
  shapes: readonly TableShape[],
  { sources, targets }: { readonly sources: readonly Client[]; readonly targets: readonly Client[] },
  verifyOne: VerifyOne,
): Promise<VerifyResult> => {
  const queue = [...shapes.entries()]
  const results = new Map<number, VerifiedTable>()
  await Promise.all(
    sources.map(async (source, index) => {
      const target = targets[index]
      if (target === undefined) return
      await requireComparableHashes(source, target)
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [table, shape] = next
        results.set(table, await verifyOne(shape, { table, source, target }))
      }
    }),
  )
  const inOrder = shapes.flatMap((_, table) => results.get(table) ?? [])
  return {
    tables: inOrder.map(({ verification }) => verification),
    differences: inOrder.flatMap(({ differences }) => firstOf(differences)),
  }
}

/** The first of what is wrong, and the first of what is theirs. */
const firstOf = (differences: readonly RowDifference[]): readonly RowDifference[] => [
  ...differences.filter(({ kind }) => kind !== 'theirs').slice(0, SHOWN),
  ...differences.filter(({ kind }) => kind === 'theirs').slice(0, SHOWN),
]

export const countRows = (buckets: readonly Bucket[]): number => buckets.reduce((sum, { count }) => sum + count, 0)
