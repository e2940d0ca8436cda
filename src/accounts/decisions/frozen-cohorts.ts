import { type RawBuilder, sql } from 'kysely'
import { ownerHash } from '../../difference/owner.ts'
import type { Relations } from '../../synapse/relations.ts'

/** Who is in which cohort as it was frozen. Whoever is not said is of the rest. */
export interface FrozenCohorts {
  /** In order, the rest last. */
  readonly names: readonly string[]
  readonly mxids: readonly string[]
  /** Of each of these, the position in `names`. */
  readonly cohorts: readonly number[]
}

/** The same columns as `cohortMembers` yields, of those that were frozen, whatever the rules say by now. */
export const frozenMembers = (
  { names, mxids, cohorts }: FrozenCohorts,
  { users }: Relations,
): RawBuilder<unknown> => sql`
  SELECT
    u.name AS mxid,
    ${ownerHash(sql`u.name`)} AS owner,
    coalesce(f.cohort, ${sql.lit(names.length - 1)})::smallint AS cohort
  FROM ${users} u
  LEFT JOIN unnest(${[...mxids]}::text[], ${[...cohorts]}::smallint[]) f (mxid, cohort) ON f.mxid = u.name
  WHERE u.name IS NOT NULL
`
