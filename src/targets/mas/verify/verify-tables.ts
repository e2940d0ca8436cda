import { sql } from 'kysely'
import type { Client } from 'pg'
import { type Bucket, bucketsQuery, hashSelfTest, openedRowsQuery } from '../../../difference/bucket-hash.ts'
import { compareRows, differingBuckets, rowsOfBuckets, toDifferences } from '../../../difference/compare.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { run } from '../../../postgres/statement.ts'
import type { RowDifference, TableVerification } from '../../../report/documents.ts'
import type { VerifyResult } from '../../target.ts'

export interface VerifyTables {
  readonly shapes: readonly TableShape[]
  /** The schema in which MAS's tables stand. */
  readonly schema: string
  /** Connections within one snapshot of the source, and as many to the target: a pair works on one table. */
  readonly sources: readonly Client[]
  readonly targets: readonly Client[]
}

/** More rows than this side by side in one table are not opened; they are counted as differing buckets. */
const OPENED_BUCKETS = 256
const SHOWN = 50
const BUCKETS = 8192

/** Compares every column of every row, a table after the other over each pair of connections. */
export const verifyTables = async ({ shapes, schema, sources, targets }: VerifyTables): Promise<VerifyResult> => {
  const queue = [...shapes.entries()]
  const results = new Map<number, Verified>()
  await Promise.all(
    sources.map(async (source, index) => {
      const target = targets[index]
      if (target === undefined) return
      await requireComparableHashes(source, target)
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [position, shape] = next
        results.set(position, await verifyTable(shape, schema, source, target))
      }
    }),
  )
  const inOrder = shapes.flatMap((_, position) => results.get(position) ?? [])
  return {
    tables: inOrder.map(({ verification }) => verification),
    differences: inOrder.flatMap(({ differences }) => differences.slice(0, SHOWN)),
  }
}

interface Verified {
  readonly verification: TableVerification
  readonly differences: readonly RowDifference[]
}

const verifyTable = async (shape: TableShape, schema: string, source: Client, target: Client): Promise<Verified> => {
  const started = performance.now()
  const columns = sql.join(shape.columns.map(({ name }) => sql.id(name)))
  const present = sql`SELECT ${columns} FROM ${sql.id(schema, shape.table)}`
  const [wantedBuckets, presentBuckets] = await Promise.all([
    run(source, bucketsQuery(shape, shape.wanted, BUCKETS)),
    run(target, bucketsQuery(shape, present, BUCKETS)),
  ])
  const differing = differingBuckets(wantedBuckets, presentBuckets)
  const opened = { buckets: BUCKETS, wanted: differing.slice(0, OPENED_BUCKETS) }
  const unopened = differing.slice(OPENED_BUCKETS)
  const compared =
    differing.length === 0
      ? compareRows(shape, [], [])
      : compareRows(
          shape,
          ...(await Promise.all([
            run(source, openedRowsQuery(shape, shape.wanted, { ...opened, mxid: sql`mxid` })),
            run(target, openedRowsQuery(shape, present, { ...opened, mxid: sql`NULL::text` })),
          ])),
        )
  return {
    verification: {
      table: shape.table,
      relation: shape.relation,
      wanted: countRows(wantedBuckets),
      present: countRows(presentBuckets),
      missing: compared.missing.length,
      extra: compared.extra.length,
      differing: compared.differing.length,
      ...(unopened.length > 0 ? { unopened: rowsOfBuckets(wantedBuckets, presentBuckets, unopened) } : {}),
      milliseconds: Math.round(performance.now() - started),
    },
    differences: toDifferences(shape, compared),
  }
}

const countRows = (buckets: readonly Bucket[]): number => buckets.reduce((sum, { count }) => sum + count, 0)

/** Both servers must hash both shapes of a value alike; every version from 14 on known to us does. */
const requireComparableHashes = async (source: Client, target: Client): Promise<void> => {
  const [[here], [there]] = await Promise.all([run(source, hashSelfTest), run(target, hashSelfTest)])
  const hashes = new Set([here?.source, here?.target, there?.source, there?.target])
  if (hashes.size === 1 && here !== undefined) return
  throw new Syn2opError('verify.not-comparable', 'The two PostgreSQL servers do not hash rows alike', {
    next: ['Verify with source and target on servers of the same major version and processor architecture.'],
  })
}
