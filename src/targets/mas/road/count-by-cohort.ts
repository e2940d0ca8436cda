import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { requireComparableHashes } from '../../../difference/comparable-hashes.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { RecordedDecisions } from '../../sql-road.ts'
import type { Stoppable } from '../../target.ts'
import type { MasDatabase } from '../mas-database.ts'
import { COHORT, COHORT_MEMBER, REST } from './cohort-tables.ts'

const DECIDED = sql.id('pg_temp', 'decided_part')

/**
 * How many accounts of the source are in each frozen cohort, by whether they are held back; in the order of the cohorts.
 * Writes nothing but a table of the session.
 */
export const countByCohort = async (
  { control }: MasDatabase,
  { query, reader }: { readonly query: RawBuilder<unknown>; readonly reader: Client },
  { signal }: Stoppable,
): Promise<readonly (RecordedDecisions & { readonly cohort: string })[]> => {
  await requireComparableHashes(reader, control)
  await run(control, sql`DROP TABLE IF EXISTS ${DECIDED}`)
  await run(control, sql`CREATE TEMPORARY TABLE ${DECIDED} (owner bigint, held text)`)
  try {
    await copyBetween({
      from: reader,
      to: control,
      select: compileStatement(sql`SELECT owner, held FROM (${query}) x`),
      into: compileStatement(sql`COPY ${DECIDED} FROM STDIN (FORMAT binary)`),
      what: 'the accounts with their decisions',
      signal,
    })
    return await run(
      control,
      sql`
        SELECT c.name AS cohort, d.held AS reason, count(*) AS count
        FROM ${DECIDED} d
        LEFT JOIN ${COHORT_MEMBER} m ON m.owner = d.owner
        JOIN ${COHORT} c ON c.number = coalesce(m.cohort, ${REST})
        GROUP BY c.number, c.name, d.held
        ORDER BY c.number, d.held NULLS FIRST
      `,
    )
  } finally {
    await run(control, sql`DROP TABLE IF EXISTS ${DECIDED}`).catch(() => {})
  }
}
