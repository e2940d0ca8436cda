import { sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash, rowDigest } from '../../../difference/bucket-hash.ts'
import { requireComparableHashes } from '../../../difference/comparable-hashes.ts'
import { ownerHash } from '../../../difference/owner.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { DecidedSource } from '../../batch.ts'
import type { AccountPrints } from '../../sql-road.ts'
import { withConnections } from '../connections.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { applicationName } from '../load/lock.ts'
import type { MasDatabase } from '../mas-database.ts'
import { masTables } from '../rows/tables.ts'
import { clearRecord } from './record-copy.ts'
import { endRecord, recordAll } from './record-load.ts'

export interface Unrecorded extends DecidedSource {
  /** The load that filled MAS. */
  readonly runId: string
  readonly prints: AccountPrints
  readonly signal: AbortSignal
}

/**
 * Puts on record what a load wrote that ended before it had done that: the accounts whose rows stand at MAS just as the
 * source makes them. Of an account that either side has changed since it cannot be known who did what: it passes for
 * somebody else's. Whoever uses MAS meanwhile is safe: all that stands is recorded first, and compared after that.
 */
export const recordUnrecorded = async (database: MasDatabase, given: Unrecorded): Promise<void> => {
  const { control, writers } = database
  const { runId, prints, signal, readers } = given
  const wanted = { name: applicationName(runId), access: 'read-write', count: writers, needed: 1 } as const
  await withConnections(database, wanted, async (clients) => {
    const record = { runId, prints, clients, signal }
    await clearRecord(control)
    await recordAll(database, record)
    await forgetDiffering(control, readers, masTables(database.rows(given.decisions, 'fast')), signal)
    await endRecord(database, record)
  })
}

const WANTED = sql.id('pg_temp', 'wanted_row')
const DIFFERING = sql.id('pg_temp', 'differing')

/** Forgets the accounts of which not every row, and no other, is wanted by the source as it is on record. */
const forgetDiffering = async (
  control: Client,
  readers: readonly Client[],
  shapes: readonly TableShape[],
  signal: AbortSignal,
): Promise<void> => {
  const [reader] = readers
  if (reader === undefined) throw new TypeError('a snapshot needs at least one reader')
  await requireComparableHashes(reader, control)
  await run(
    control,
    sql`CREATE TEMPORARY TABLE ${WANTED} (table_number smallint, owner bigint, key bigint, digest bigint)`,
  )
  for (const [number, { natural, wanted, table }] of shapes.entries()) {
    await copyBetween({
      from: reader,
      to: control,
      select: compileStatement(sql`
        SELECT ${sql.lit(number)}::smallint, ${ownerHash(sql`mxid`)}, ${keyHash(natural)}, ${rowDigest(natural)}
        FROM (${wanted}) wanted
        WHERE mxid IS NOT NULL`),
      into: compileStatement(sql`COPY ${WANTED} FROM STDIN (FORMAT binary)`),
      what: `what is wanted in ${table}`,
      signal,
    })
  }
  const recorded = sql.id(JOURNAL_SCHEMA, 'written_row')
  const columns = sql`table_number, owner, key, digest`
  await run(
    control,
    sql`
      CREATE TEMPORARY TABLE ${DIFFERING} AS
      (SELECT ${columns} FROM ${WANTED} EXCEPT ALL SELECT ${columns} FROM ${recorded})
      UNION ALL
      (SELECT ${columns} FROM ${recorded} EXCEPT ALL SELECT ${columns} FROM ${WANTED});
      DELETE FROM ${recorded} WHERE owner IN (SELECT owner FROM ${DIFFERING});
      DELETE FROM ${sql.id(JOURNAL_SCHEMA, 'account')} WHERE owner IN (SELECT owner FROM ${DIFFERING});
      DROP TABLE ${WANTED}, ${DIFFERING}
    `,
  )
}
