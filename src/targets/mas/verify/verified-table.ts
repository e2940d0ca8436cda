import type { Client } from 'pg'
import type { Bucket } from '../../../difference/bucket-hash.ts'
import { requireComparableHashes } from '../../../difference/comparable-hashes.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import type { RowDifference, TableVerification } from '../../../report/documents.ts'
import type { Stoppable, VerifyResult } from '../../target.ts'
import { stoppable } from '../load/stoppable.ts'
import { settled } from '../settled.ts'

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

export interface VerifyEnds extends Stoppable {
  /** Connections within one snapshot of the source; whoever stops us cancels there what they do. */
  readonly sources: readonly Client[]
  /** As many to the target, or fewer: a pair works for each. */
  readonly targets: readonly Client[]
}

/** Verifies a table after the other over each pair of connections. */
export const verifyEach = async (
  shapes: readonly TableShape[],
  { sources, targets, signal }: VerifyEnds,
  verifyOne: VerifyOne,
): Promise<VerifyResult> => {
  const queue = [...shapes.entries()]
  const results = new Map<number, VerifiedTable>()
  const lane = (source: Client, target: Client): Promise<void> =>
    stoppable(target, signal, async () => {
      await requireComparableHashes(source, target)
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        signal.throwIfAborted()
        const [table, shape] = next
        results.set(table, await verifyOne(shape, { table, source, target }))
      }
    }).catch((error: unknown) => {
      // The others end with the table that they are at.
      queue.length = 0
      throw error
    })
  await settled(
    sources.flatMap((source, index) => {
      const target = targets[index]
      return target === undefined ? [] : [lane(source, target)]
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
