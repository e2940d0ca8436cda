import { type RawBuilder, sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA, ROLLED_BACK } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { COHORT, COHORT_MEMBER } from '../road/cohort-tables.ts'
import type { Covered } from './covered.ts'

const RUN = sql.id(JOURNAL_SCHEMA, 'run')

/**
 * Says in the journal that the runs are taken back, once nothing is left of any of them: as long as accounts are left in
 * place, the same runs can be named again to take these back too. Of a cohort, that the runs of its stage are. A cohort of
 * which nothing is left waits for its stage again.
 */
export const endRollback = async ({ control }: MasDatabase, { runs, cohort }: Covered): Promise<void> => {
  const numbers = runs.map(({ runNumber }) => runNumber)
  const isTakenBack =
    cohort === undefined
      ? sql`r.run_number = ANY (${numbers}::integer[]) AND NOT ${isAnythingLeft(sql`ANY (${numbers}::integer[])`)}`
      : sql`r.cohort = ${cohort} AND NOT ${isAnythingLeft(sql`r.run_number`)}`
  const isConcerned =
    cohort === undefined
      ? sql`EXISTS (
          SELECT FROM ${RUN} r
          WHERE r.run_number = ANY (${numbers}::integer[])
            AND coalesce(r.cohort, c.name) = c.name AND r.started_at <= c.begun_at
        )`
      : sql`c.name = ${cohort}`
  await run(control, sql`BEGIN`)
  try {
    await run(
      control,
      sql`
        UPDATE ${RUN} r
        SET state = 'undone', activity = ${ROLLED_BACK}, finished_at = clock_timestamp()
        WHERE r.state <> 'undone' AND ${isTakenBack}
      `,
    )
    // Whatever another run began, before the first of these, is none of their doing.
    const concerned = await run<{ number: number }>(
      control,
      sql`SELECT c.number FROM ${COHORT} c WHERE c.begun_at IS NOT NULL AND ${isConcerned}`,
    )
    if (concerned.length > 0) {
      await run(
        control,
        sql`
          WITH written AS MATERIALIZED (
            SELECT DISTINCT coalesce(m.cohort, (SELECT max(number) FROM ${COHORT})) AS number
            FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} w
            LEFT JOIN ${COHORT_MEMBER} m ON m.owner = w.owner
          )
          UPDATE ${COHORT} c
          SET begun_at = NULL
          WHERE c.number = ANY (${concerned.map(({ number }) => number)}::smallint[])
            AND NOT EXISTS (SELECT FROM written w WHERE w.number = c.number)
        `,
      )
    }
    await run(control, sql`COMMIT`)
  } catch (error) {
    await run(control, sql`ROLLBACK`).catch(() => {})
    throw error
  }
}

/** Whether rows that such a run created, or former states of rows that it changed, are on record. */
const isAnythingLeft = (runNumbers: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  EXISTS (SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} w WHERE w.run_number = ${runNumbers})
  OR EXISTS (SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'before_image')} i WHERE i.run_number = ${runNumbers})
)`
