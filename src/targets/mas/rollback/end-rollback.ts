import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA, ROLLED_BACK } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { COHORT } from '../road/cohort-tables.ts'
import type { Covered } from './covered.ts'

/**
 * Says in the journal that runs are taken back of which nothing is left, and that a cohort of which nothing is left waits for
 * its stage again. Accounts that were left in place keep their run as it is.
 */
export const endRollback = async ({ control }: MasDatabase, { runs, owners, cohort }: Covered): Promise<void> => {
  const journal = (name: string) => sql.id(JOURNAL_SCHEMA, name)
  const numbers = runs.map(({ runNumber }) => runNumber)
  await run(
    control,
    sql`
      UPDATE ${journal('run')} r
      SET state = 'undone', activity = ${ROLLED_BACK}, finished_at = clock_timestamp()
      WHERE r.run_number = ANY (${numbers}::integer[])
        AND NOT EXISTS (SELECT FROM ${journal('written_row')} w WHERE w.run_number = r.run_number)
        AND NOT EXISTS (SELECT FROM ${journal('before_image')} i WHERE i.run_number = r.run_number)
    `,
  )
  if (cohort === undefined) return
  await run(
    control,
    sql`
      UPDATE ${COHORT}
      SET begun_at = NULL
      WHERE name = ${cohort} AND NOT EXISTS (
        SELECT FROM ${journal('written_row')} w JOIN (${owners}) o ON o.owner = w.owner
      )
    `,
  )
}
