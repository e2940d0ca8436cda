import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { CohortQuery } from '../accounts/decisions/cohort-tally.ts'
import { run } from '../postgres/statement.ts'
import type { RecordedDecisions, SqlRoad } from '../targets/sql-road.ts'

interface CohortByRules {
  readonly membership: CohortQuery
  readonly cohort: string
  /** The named queries of the decisions. */
  readonly decisions: RawBuilder<unknown>
  readonly reader: Client
}

/**
 * A road that looks at one cohort although nobody has frozen any yet: for a plan, which freezes none. Who is in it is asked
 * of the source.
 */
export const roadOfCohort = (road: SqlRoad, { membership, cohort, decisions, reader }: CohortByRules): SqlRoad => {
  const position = sql.lit(membership.names.indexOf(cohort))
  const isRest = cohort === membership.names.at(-1)
  let changed: readonly string[] = []
  return {
    ...road,
    // All prints are read: without theirs, accounts on record would count as gone.
    cohortOwners: async () => ({ are: 'others', owners: [] }),
    async changedOwners(prints, { signal }) {
      const all = await road.changedOwners(prints, { signal })
      const members = await run<{ owner: string }>(
        reader,
        sql`SELECT owner::text AS owner FROM (${membership.members}) m WHERE cohort = ${position}`,
      )
      const own = new Set(members.map(({ owner }) => owner))
      changed = all.owners.filter((owner) => own.has(owner))
      return {
        ...all,
        owners: changed,
        always: all.always.filter((owner) => own.has(owner)),
        gone: isRest ? all.gone : [],
      }
    },
    recordedDecisions: () =>
      run<RecordedDecisions>(
        reader,
        sql`
          WITH ${decisions}
          SELECT a.reason, count(*) AS count
          FROM (${membership.members}) m
          JOIN account a ON a.mxid = m.mxid
          WHERE m.cohort = ${position}
            AND NOT EXISTS (SELECT FROM unnest(${[...changed]}::bigint[]) c (owner) WHERE c.owner = m.owner)
          GROUP BY a.reason
        `,
      ),
  }
}
