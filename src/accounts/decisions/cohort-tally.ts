import { type RawBuilder, sql } from 'kysely'
import { ownerHash } from '../../difference/owner.ts'

/** Who is in which cohort. */
export interface CohortQuery {
  /** In order, the rest last. */
  readonly names: readonly string[]
  /** A query of mxid (text), owner (bigint) and cohort (smallint, a position in `names`): every account that has a name once. */
  readonly members: RawBuilder<unknown>
}

/** Some rows of a relation: a condition made of the SQL that names their account. */
export type RowsOf = (mxid: RawBuilder<unknown>) => RawBuilder<unknown>

/** Accounts of one cohort and one reason; NULL: migrated. */
export interface CohortTallyRow {
  readonly cohort: number
  readonly reason: string | null
  readonly count: number
}

/**
 * Counts the accounts of each cohort by reason. Those without a name are the rest's.
 * @param decisions the named queries of `decisions`.
 */
export const cohortTally = (
  decisions: RawBuilder<unknown>,
  { names, members }: CohortQuery,
): RawBuilder<CohortTallyRow> => sql`
  WITH ${decisions}
  SELECT coalesce(m.cohort, ${sql.lit(names.length - 1)}) AS cohort, a.reason, count(*)::double precision AS count
  FROM account a
  LEFT JOIN (${members}) m ON m.mxid = a.mxid
  GROUP BY 1, 2
`

/** Rows of one cohort's accounts. Rows that belong to no account are the rest's. */
export const rowsOfCohort = ({ names, members }: CohortQuery, name: string): RowsOf => {
  const cohort = sql.lit(names.indexOf(name))
  const isRest = name === names.at(-1)
  return (mxid) => {
    const others = sql`SELECT FROM (${members}) m WHERE m.mxid = ${mxid} AND m.cohort`
    return isRest ? sql`NOT EXISTS (${others} <> ${cohort})` : sql`EXISTS (${others} = ${cohort})`
  }
}

/** Rows of these owners' accounts, or of all but these. */
export const rowsOfOwners = ({ are, owners }: OwnerList): RowsOf => {
  return (mxid) => {
    const listed = sql`SELECT FROM unnest(${[...owners]}::bigint[]) o (owner) WHERE o.owner = ${ownerHash(mxid)}`
    return are === 'members' ? sql`EXISTS (${listed})` : sql`NOT EXISTS (${listed})`
  }
}

export interface OwnerList {
  readonly are: 'members' | 'others'
  readonly owners: readonly string[]
}
