import { sql } from 'kysely'
import pg, { type Client } from 'pg'
import { databaseFailure } from '../../../postgres/server-error.ts'
import { run } from '../../../postgres/statement.ts'
import type { RunIdentity, Stoppable } from '../../target.ts'
import { JOURNAL_SCHEMA, PROVING, setRunState } from '../load/journal.ts'
import { goHome } from '../load/staging.ts'
import { stoppable } from '../load/stoppable.ts'
import type { MasDatabase } from '../mas-database.ts'
import { standsAside } from './location.ts'
import { dropIndexForRemovals } from './removal-index.ts'
import { SEEN_ACCOUNT } from './seen-accounts.ts'

type EndedRun = RunIdentity & { readonly ends: 'in place' | 'aside'; readonly unproved?: true }

/**
 * Ends a run; the tables of a copy go to their place in the same transaction, or stay where they are. Whoever reads them,
 * as a backup does, has it wait.
 * @throws Syn2opError database.failed, database.not-allowed; what made it fail, when the signal aborts: then nothing is
 * moved.
 */
export const finishRun = async (database: MasDatabase, ended: EndedRun, { signal }: Stoppable): Promise<void> => {
  const homeSchema = await database.homeSchema()
  await stoppable(database.control, signal, async () => {
    signal.throwIfAborted()
    await finishAt(database.control, { ...ended, homeSchema }, signal)
  })
}

const finishAt = async (
  control: Client,
  { runId, ends, unproved, homeSchema }: EndedRun & { readonly homeSchema: string },
  signal: AbortSignal,
): Promise<void> => {
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
    signal.throwIfAborted()
    await run(control, sql`COMMIT`)
  } catch (error) {
    // A connection that is gone has rolled back by itself.
    await run(control, sql`ROLLBACK`).catch(() => {})
    if (signal.aborted) throw error
    throw error instanceof pg.DatabaseError ? databaseFailure('The last step of the run', control, error) : error
  }
}
