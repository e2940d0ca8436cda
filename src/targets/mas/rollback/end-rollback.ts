import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA, ROLLED_BACK } from '../load/journal.ts'
import { forgetRecords } from '../load/staging.ts'
import type { MasDatabase } from '../mas-database.ts'
import { COHORT, COHORT_MEMBER } from '../road/cohort-tables.ts'
import { isComplete, readCohorts } from '../road/cohorts.ts'
import type { Covered } from './covered.ts'

const RUN = sql.id(JOURNAL_SCHEMA, 'run')
const WRITTEN_ROW = sql.id(JOURNAL_SCHEMA, 'written_row')

/**
 * Says in the journal that the runs are taken back, once nothing is left of any of them: as long as accounts are left in
 * place, the same runs can be named again to take these back too. Of a cohort, that the runs of its stage are. A cohort of
 * which nothing is left waits for its stage again; and once no run stands, the next one settles anew who is in which.
 */
export const endRollback = async (database: MasDatabase, { runs, cohort }: Covered): Promise<void> => {
  const { control } = database
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
    if (concerned.length > 0) await waitAgain(database, concerned)
    if (await isNothingLeft(control)) await forgetRecords(control)
    await run(control, sql`COMMIT`)
  } catch (error) {
    await run(control, sql`ROLLBACK`).catch(() => {})
    throw error
  }
}

/**
 * Those of which a stage, or a run of everybody, has left nothing. Runs of the first so many of everybody are no stage: what
 * they have left counts only where all of the cohort is on record.
 */
const waitAgain = async (database: MasDatabase, cohorts: readonly { readonly number: number }[]): Promise<void> => {
  const complete = (await readCohorts(database)).filter(isComplete)
  await run(
    database.control,
    sql`
      WITH written AS MATERIALIZED (
        SELECT
          coalesce(m.cohort, (SELECT max(number) FROM ${COHORT})) AS number,
          bool_or(NOT r.part OR r.cohort IS NOT NULL) AS by_stage
        FROM ${WRITTEN_ROW} w
        JOIN ${RUN} r USING (run_number)
        LEFT JOIN ${COHORT_MEMBER} m ON m.owner = w.owner
        GROUP BY 1
      )
      UPDATE ${COHORT} c
      SET begun_at = NULL
      WHERE c.number = ANY (${cohorts.map(({ number }) => number)}::smallint[])
        AND NOT EXISTS (
          SELECT FROM written w
          WHERE w.number = c.number AND (w.by_stage OR c.name = ANY (${complete.map(({ name }) => name)}::text[]))
        )
    `,
  )
}

/** Whether no run stands, and no row that one wrote. */
const isNothingLeft = async (client: Client): Promise<boolean> => {
  const [row] = await run<{ left: boolean }>(
    client,
    sql`SELECT EXISTS (SELECT FROM ${RUN} WHERE state <> 'undone') OR EXISTS (SELECT FROM ${WRITTEN_ROW}) AS left`,
  )
  return row?.left === false
}

/** Whether rows that such a run created, or former states of rows that it changed, are on record. */
const isAnythingLeft = (runNumbers: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  EXISTS (SELECT FROM ${WRITTEN_ROW} w WHERE w.run_number = ${runNumbers})
  OR EXISTS (SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'before_image')} i WHERE i.run_number = ${runNumbers})
)`
