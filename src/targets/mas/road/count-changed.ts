import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import type { AccountPrints, ChangedCount } from '../../sql-road.ts'
import type { Stoppable } from '../../target.ts'
import { readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { isWaiting } from './cohort-tables.ts'
import { decidingRuns } from './history.ts'
import { ACCOUNT, withSeenAccounts } from './seen-accounts.ts'

/**
 * How many accounts of the source are not as they were when they were last decided. Those that every run decides anew,
 * since they depend on more than their print, count by their print like any other. Those of cohorts that no run has begun
 * are not what a run would look at again, but what waits for its stage.
 */
export const countChanged = async (
  database: MasDatabase,
  prints: AccountPrints,
  { signal }: Stoppable,
): Promise<ChangedCount> => {
  const { control } = database
  const earlier = decidingRuns(await readRuns(control)).map(({ asOf }) => asOf)
  const { passwordVersion } = database.rows(prints.held, 'fast')
  return withSeenAccounts(
    { prints, clients: [control], place: 'session', passwordVersion, earlier, signal },
    async (seen) => {
      const waiting = sql`s.owner IS NOT NULL AND a.owner IS NULL AND ${isWaiting(sql`s.owner`)}`
      const differs = sql`s.print <> a.print OR s.rows <> a.rows OR s.due`
      const [counted] = await run<ChangedCount>(
        control,
        sql`
          SELECT
            count(*) FILTER (WHERE s.owner IS NOT NULL AND (a.owner IS NULL OR ${differs}) AND NOT (${waiting})) AS changed,
            count(*) FILTER (WHERE ${waiting}) AS waiting,
            count(*) FILTER (WHERE s.owner IS NULL) AS gone,
            count(*) FILTER (WHERE s.owner IS NOT NULL AND a.owner IS NOT NULL AND NOT (${differs})) AS unchanged
          FROM (${seen}) s
          FULL JOIN ${ACCOUNT} a ON a.owner = s.owner
        `,
      )
      return counted ?? { changed: 0, gone: 0, unchanged: 0, waiting: 0 }
    },
  )
}
