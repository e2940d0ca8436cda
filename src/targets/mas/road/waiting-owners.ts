import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { requireComparableHashes } from '../../../difference/comparable-hashes.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { Stoppable } from '../../target.ts'
import { readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { isWaiting } from './cohort-tables.ts'
import { readCohorts } from './cohorts.ts'
import { ACCOUNT } from './seen-accounts.ts'

const SOURCE_OWNER = sql.id('pg_temp', 'source_owner')

/**
 * Accounts of the source that no run has come to: of cohorts that none has begun, and until a run of everybody has ended
 * whoever is not on record. Writes nothing but a table of the session.
 */
export const waitingOwners = async (
  database: MasDatabase,
  { query, reader }: { readonly query: RawBuilder<unknown>; readonly reader: Client },
  { signal }: Stoppable,
): Promise<readonly string[]> => {
  const { control } = database
  const cohorts = await readCohorts(database)
  const hasSeenAll = (await readRuns(control)).some(({ state, part }) => state === 'done' && part === undefined)
  if (hasSeenAll && cohorts.every(({ begun }) => begun)) return []
  await requireComparableHashes(reader, control)
  await run(control, sql`DROP TABLE IF EXISTS ${SOURCE_OWNER}`)
  await run(control, sql`CREATE TEMPORARY TABLE ${SOURCE_OWNER} (owner bigint)`)
  try {
    await copyBetween({
      from: reader,
      to: control,
      select: compileStatement(sql`SELECT owner FROM (${query}) x`),
      into: compileStatement(sql`COPY ${SOURCE_OWNER} FROM STDIN (FORMAT binary)`),
      what: 'the names of the accounts',
      signal,
    })
    const owners = await run<{ owner: string }>(
      control,
      sql`
        SELECT s.owner::text AS owner
        FROM ${SOURCE_OWNER} s
        WHERE NOT EXISTS (SELECT FROM ${ACCOUNT} a WHERE a.owner = s.owner)
          AND ${hasSeenAll ? isWaiting(sql`s.owner`) : sql`true`}
      `,
    )
    return owners.map(({ owner }) => owner)
  } finally {
    await run(control, sql`DROP TABLE IF EXISTS ${SOURCE_OWNER}`).catch(() => {})
  }
}
