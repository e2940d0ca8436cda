import { sql } from 'kysely'
import { run } from '../../postgres/statement.ts'
import type { CountChange } from '../../report/plan-comparison.ts'
import { rowsOf } from '../membership.ts'
import type { Prepared } from '../prepare.ts'
import { NAMED } from './name-owners.ts'

/** The first accounts that have rows of this relation and reason. */
export const nameRows = async (
  { relation, reason }: Pick<CountChange, 'relation' | 'reason'>,
  { membership, cohort, decisions, scout }: Prepared,
): Promise<readonly string[]> => {
  const mxid = sql.id(relation, 'mxid')
  const isLookedAt =
    membership === undefined || cohort === undefined ? sql`true` : (await rowsOf(membership, cohort))(mxid)
  const isSo = reason === null ? sql`reason IS NULL` : sql`reason = ${sql.lit(reason)}`
  const rows = await run<{ mxid: string }>(
    scout,
    sql`
      WITH ${decisions}
      SELECT DISTINCT mxid COLLATE "C" AS mxid
      FROM ${sql.id(relation)}
      WHERE ${isSo} AND mxid IS NOT NULL AND ${isLookedAt}
      ORDER BY 1
      LIMIT ${sql.lit(NAMED)}
    `,
  )
  return rows.map((row) => row.mxid)
}
