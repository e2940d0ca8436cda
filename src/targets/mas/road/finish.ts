import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import type { RunIdentity } from '../../target.ts'
import { JOURNAL_SCHEMA, setRunState } from '../load/journal.ts'
import { goHome } from '../load/staging.ts'
import type { MasDatabase } from '../mas-database.ts'
import { standsAside } from './location.ts'

/** Ends a run; the tables of a copy go to their place in the same transaction, or stay where they are. */
export const finishRun = async (
  database: MasDatabase,
  { runId, ends }: RunIdentity & { readonly ends: 'in place' | 'aside' },
): Promise<void> => {
  const { control } = database
  const homeSchema = await database.homeSchema()
  await run(control, sql`BEGIN`)
  try {
    await run(control, sql`SET LOCAL synchronous_commit TO on`)
    if (ends === 'in place' && (await standsAside(control))) {
      await goHome(control, homeSchema)
      // From here on the copy is taken back whole.
      await run(control, sql`TRUNCATE ${sql.id(JOURNAL_SCHEMA, 'before_image')}`)
    }
    await setRunState(control, runId, 'done')
    await run(control, sql`COMMIT`)
  } catch (error) {
    await run(control, sql`ROLLBACK`)
    throw error
  }
}
