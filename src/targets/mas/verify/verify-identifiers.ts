import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { bucketsQuery, openedRowsQuery } from '../../../difference/bucket-hash.ts'
import { compareRows, differingBuckets, rowsOfBuckets, toDifferences } from '../../../difference/compare.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import { BUCKETS, countRows, OPENED_BUCKETS, type VerifiedTable } from './verified-table.ts'

/** Rows that stand beside those of a load, and are not compared. */
export interface RowsOfOthers {
  readonly count: number
  /** A query on the target: their ctid, as `row`. */
  readonly rows: RawBuilder<unknown>
}

/**
 * Verifies a table of a MAS that nobody has used since one load filled it: every column of every row is compared, the
 * identifiers too, and every row must be one that the source makes, but for those that are known as others'.
 */
export const verifyIdentifiers = async (
  shape: TableShape,
  {
    schema,
    source,
    target,
    others,
  }: {
    readonly schema: string
    readonly source: Client
    readonly target: Client
    readonly others?: RowsOfOthers | undefined
  },
): Promise<VerifiedTable> => {
  const started = performance.now()
  const columns = sql.join(shape.columns.map(({ name }) => sql.id(name)))
  const foreign = others?.count ?? 0
  const all = sql`SELECT ${columns} FROM ${sql.id(schema, shape.table)} t`
  const present =
    others === undefined || foreign === 0
      ? all
      : sql`${all} WHERE NOT EXISTS (SELECT FROM (${others.rows}) o WHERE o.row = t.ctid)`
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
      present: countRows(presentBuckets) + foreign,
      missing: compared.missing.length,
      extra: compared.extra.length,
      differing: compared.differing.length,
      ...(unopened.length > 0 ? { unopened: rowsOfBuckets(wantedBuckets, presentBuckets, unopened) } : {}),
      ...(foreign > 0 ? { foreign } : {}),
      milliseconds: Math.round(performance.now() - started),
    },
    differences: toDifferences(shape, compared),
  }
}
