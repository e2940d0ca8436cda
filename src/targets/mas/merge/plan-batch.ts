import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { waitClock } from '../../../postgres/wait-clock.ts'
import type { Batch } from '../../batch.ts'
import type { Waits } from '../../changes.ts'
import type { Stoppable } from '../../target.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { stoppable } from '../load/stoppable.ts'
import type { MasDatabase } from '../mas-database.ts'
import { giveConnection, giveUpConnection, takeConnection } from './batch-connections.ts'
import type { MasChanges } from './changes.ts'
import { mergeFailure } from './merge-errors.ts'
import { mergeTables } from './merge-table.ts'
import { networkTime } from './network-time.ts'
import { planAccounts } from './plan-accounts.ts'
import { readIncoming } from './read-incoming.ts'
import { createWorkspace, insertAccounts, type Workspace } from './workspace.ts'

/**
 * Compares a batch with what MAS has. The rows are compared in a transaction that stays open until the changes are
 * applied or discarded; it has written nothing but temporary tables, and holds no lock that MAS could wait for.
 * @throws Syn2opError database.failed, database.not-allowed or run.interrupted.
 */
export const planBatch = async (database: MasDatabase, batch: Batch, { signal }: Stoppable): Promise<MasChanges> => {
  const client = await takeConnection(database)
  try {
    return await stoppable(client, signal, () => plan(database, client, { batch, signal }))
  } catch (error) {
    await endTransaction(database, client, 'ROLLBACK')
    throw mergeFailure('Comparing a batch with MAS', client, error, signal)
  }
}

const plan = async (
  database: MasDatabase,
  client: Client,
  { batch, signal }: { readonly batch: Batch } & Stoppable,
): Promise<MasChanges> => {
  signal.throwIfAborted()
  const schema = await database.schema()
  const tables = mergeTables(database.rows(batch.source?.decisions ?? sql``, 'fast'))
  const waits = waitClock()
  const network = networkTime(client)
  await run(client, sql`BEGIN ISOLATION LEVEL READ COMMITTED`)
  const workspace: Workspace = {
    client,
    tables,
    schema,
    serverName: database.config.homeserver,
    hasJournal: await journalExists(client),
  }
  await createWorkspace(workspace)
  await insertAccounts(workspace, batch)
  await readIncoming(workspace, { batch, signal, waits })
  const accounts = await planAccounts(workspace, { accounts: batch.accounts, rules: database.conflicts })
  const end = onceOnly((how) => {
    // Afterwards the connection may be at work for another batch.
    network.stop()
    return endTransaction(database, client, how)
  })
  const waited = (): Waits => ({ source: waits.times().source, network: network.milliseconds() })
  return { batch: batch.ordinal, accounts, of: batch, workspace, end, discard: () => end('ROLLBACK'), waited }
}

const onceOnly = (end: MasChanges['end']): MasChanges['end'] => {
  let isOpen = true
  return async (how) => {
    if (!isOpen) return
    isOpen = false
    await end(how)
  }
}

/** Ends the transaction and gives its connection back, or gives it up where it is gone. */
const endTransaction = async (database: MasDatabase, client: Client, how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
  try {
    await run(client, how === 'COMMIT' ? sql`COMMIT` : sql`ROLLBACK`)
    giveConnection(database, client)
  } catch (error) {
    giveUpConnection(database, client)
    if (how === 'COMMIT') throw error
  }
}

const journalExists = async (client: Client): Promise<boolean> => {
  const [row] = await run<{ exists: boolean }>(
    client,
    sql`SELECT to_regclass(${`${JOURNAL_SCHEMA}.written_row`}) IS NOT NULL AS exists`,
  )
  return row?.exists === true
}
