import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'

/** Something that accounts have, such as a reason or a shape, and a few of those who have it. */
export interface Pick {
  readonly feature: string
  readonly mxids: readonly string[]
}

/** So many of those who have a feature are looked at: one of them may be chosen already. */
const CANDIDATES = 3

/**
 * Of each feature a few accounts, the same ones of one seed.
 * @param featured a query of the columns mxid and feature; rows where either is NULL do not count.
 */
export const picksOf = async (
  reader: Client,
  featured: RawBuilder<unknown>,
  seed: bigint,
  named: RawBuilder<unknown> = sql``,
): Promise<readonly Pick[]> =>
  run<Pick>(
    reader,
    sql`
      WITH ${named}
      ranked AS (
        SELECT f.feature, f.mxid,
          row_number() OVER (
            PARTITION BY f.feature ORDER BY hashtextextended(f.mxid, ${sql.lit(String(seed))}::bigint), f.mxid COLLATE "C"
          ) AS place
        FROM (SELECT DISTINCT feature, mxid FROM (${featured}) x WHERE feature IS NOT NULL AND mxid IS NOT NULL) f
      )
      SELECT feature, array_agg(mxid ORDER BY place) AS mxids
      FROM ranked
      WHERE place <= ${sql.lit(CANDIDATES)}
      GROUP BY feature
      ORDER BY feature COLLATE "C"
    `,
  )

/** As few accounts as will do: one that is chosen already stands for whatever else it has. */
export const fewestOf = (picks: readonly Pick[]): ReadonlySet<string> => {
  const chosen = new Set<string>()
  for (const { mxids } of picks.toSorted((a, b) => a.mxids.length - b.mxids.length)) {
    const [first] = mxids
    if (first !== undefined && !mxids.some((mxid) => chosen.has(mxid))) chosen.add(first)
  }
  return chosen
}
