import { sql } from 'kysely'
import pg from 'pg'
import { databaseFailure } from '../../../postgres/server-error.ts'
import { run } from '../../../postgres/statement.ts'
import type { RunIdentity } from '../../target.ts'
import { JOURNAL_SCHEMA, PROVING, setRunState } from '../load/journal.ts'
import { goHome } from '../load/staging.ts'
import type { MasDatabase } from '../mas-database.ts'
import { standsAside } from './location.ts'
import { dropIndexForRemovals } from './removal-index.ts'
import { SEEN_ACCOUNT } from './seen-accounts.ts'

/**
 * Ends a run; the tables of a copy go to their place in the same transaction, or stay where they are.
 * @throws Syn2opError database.failed, database.not-allowed: then nothing is moved.
 */
export const finishRun = async (
  database: MasDatabase,
  { runId, ends, unproved }: RunIdentity & { readonly ends: 'in place' | 'aside'; readonly unproved?: true },
): Promise<void> => {
  const { control } = database
  const homeSchema = await database.homeSchema()
  await run(control, sql`BEGIN`)
  try {
    await run(control, sql`SET LOCAL synchronous_commit TO on`)
    if (ends === 'in place' && (await standsAside(control))) {
      await dropIndexForRemovals(control)
      await goHome(control, homeSchema)
      // From here on the copy is taken back whole.
      await run(control, sql`TRUNCATE ${sql.id(JOURNAL_SCHEMA, 'before_image')}`)
    }
    // What it compared the source with: nobody goes on with it any more.
    await run(control, sql`DROP TABLE IF EXISTS ${SEEN_ACCOUNT}`)
    await setRunState(control, runId, 'done', unproved === true ? PROVING : '')
    await run(control, sql`COMMIT`)
  } catch (error) {
    // A connection that is gone has rolled back by itself.
    await run(control, sql`ROLLBACK`).catch(() => {})
    throw error instanceof pg.DatabaseError ? databaseFailure('The last step of the run', control, error) : error
  }
}
