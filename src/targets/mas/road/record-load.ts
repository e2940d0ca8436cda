import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { AccountPrints } from '../../sql-road.ts'
import { readRuns, setActivity } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { masTables } from '../rows/tables.ts'
import { clearRecord, indexRecord, recordAccounts, recordWritten } from './record-copy.ts'

export interface LoadRecord {
  readonly runId: string
  readonly prints: AccountPrints
  /** Connections to the target that nobody else uses meanwhile. */
  readonly clients: readonly Client[]
  readonly signal: AbortSignal
}

/** Puts on record all that a load wrote, where its tables stand now. */
export const recordLoad = async (database: MasDatabase, record: LoadRecord): Promise<void> => {
  await clearRecord(database.control)
  await recordRows(database, record)
  await recordTheRest(database, record)
}

/**
 * Stands still at the moment of the call: what others change from then on is not seen by these connections, wherever
 * the tables go meanwhile.
 */
export const holdMoment = async (clients: readonly Client[]): Promise<void> => {
  const [first, ...others] = clients
  if (first === undefined) return
  await run(first, sql`BEGIN ISOLATION LEVEL REPEATABLE READ`)
  const [exported] = await run<{ id: string }>(first, sql`SELECT pg_export_snapshot() AS id`)
  for (const client of others) {
    await run(client, sql`BEGIN ISOLATION LEVEL REPEATABLE READ`)
    await run(client, sql`SET TRANSACTION SNAPSHOT ${sql.lit(exported?.id ?? '')}`)
  }
}

/**
 * The same from a moment that was held, while people may change the rows already. Once the rows are on record the load
 * is: accounts that are not are looked at again by the next run.
 */
export const recordLoadOf = async (database: MasDatabase, record: LoadRecord): Promise<void> => {
  await recordRows(database, record)
  for (const client of record.clients) await run(client, sql`COMMIT`)
  await setActivity(database.control, record.runId, '')
  await recordTheRest(database, record)
}

/** The rows and accounts of a load, not yet as something that later runs rely on. */
export const recordAll = async (database: MasDatabase, record: LoadRecord): Promise<void> => {
  await recordRows(database, record)
  await recordSeen(database, record)
}

/** From here on the record counts. */
export const endRecord = async ({ control }: MasDatabase, { runId }: Pick<LoadRecord, 'runId'>): Promise<void> => {
  await indexRecord(control)
  await setActivity(control, runId, '')
}

const recordRows = async (database: MasDatabase, { runId, prints, clients, signal }: LoadRecord): Promise<void> => {
  const ours = (await readRuns(database.control)).find((one) => one.runId === runId)
  await recordWritten({
    clients,
    shapes: masTables(database.rows(prints.held, ours?.identifierMethod ?? 'fast')),
    schema: await database.schema(),
    runNumber: ours?.runNumber ?? 0,
    signal,
  })
}

const recordTheRest = async (database: MasDatabase, record: LoadRecord): Promise<void> => {
  await recordSeen(database, record)
  await indexRecord(database.control)
}

const recordSeen = async (database: MasDatabase, { prints, clients, signal }: LoadRecord): Promise<void> => {
  const { control } = database
  const { passwordVersion } = database.rows(prints.held, 'fast')
  await recordAccounts({ prints, clients: [control, ...clients], passwordVersion, signal })
}
