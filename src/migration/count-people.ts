import { run } from '../postgres/statement.ts'
import type { People } from '../report/plan-parts.ts'
import { peopleQuery, toPeople } from '../synapse/audit/people.ts'
import { rowsOf } from './membership.ts'
import type { Prepared } from './prepare.ts'

/** How the people who migrate log in and when they were last seen; of one cohort, where one is looked at. */
export const countPeople = async ({
  membership,
  cohort,
  source: { relations, rules },
  decisions,
  scout,
}: Prepared): Promise<People> => {
  const part = membership === undefined || cohort === undefined ? {} : { isCounted: await rowsOf(membership, cohort) }
  return toPeople(await run(scout, peopleQuery({ relations, rules, decisions, ...part })))
}
