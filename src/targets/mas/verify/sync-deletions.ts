import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { eachRow } from '../../../postgres/cursor.ts'
import { run } from '../../../postgres/statement.ts'
import type { SyncDeletion } from '../../../report/proof-parts.ts'
import type { DecidedSource } from '../../batch.ts'
import type { Stoppable } from '../../target.ts'
import type { MasDatabase } from '../mas-database.ts'
import { deletionsOf, type SyncedAccount } from './synced-account.ts'
import { knownToMas, type SynapseAccount, synapseAccounts } from './synced-accounts.ts'

/**
 * Tells what MAS's next sync of every user would make Synapse delete: MAS deletes each device that it has no active
 * session for, and each e-mail that it does not know. Both sides are read in one order, side by side, so that memory is
 * flat.
 */
export const syncDeletions = async (
  database: MasDatabase,
  source: DecidedSource & Stoppable,
  tell: (deletion: SyncDeletion) => Promise<void>,
): Promise<void> => {
  const [reader] = source.readers
  if (reader === undefined) return
  const accounts = eachRow(reader, 'syn2op_devices', synapseAccounts(source))
  const target = await database.open('syn2op verify', 'read-only')
  try {
    await run(target, sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
    const places = { schema: await database.schema(), homeSchema: await database.homeSchema() }
    const users = knownToMas(places, database.config.homeserver)
    for await (const account of besideMas(accounts, target, users)) {
      source.signal.throwIfAborted()
      for (const deletion of deletionsOf(account)) await tell(deletion)
    }
  } finally {
    await target.end()
  }
}

/** Synapse's accounts that MAS has a user of, with what MAS knows of each. Both come in the order of their owner. */
async function* besideMas(
  accounts: AsyncIterable<SynapseAccount>,
  target: Client,
  users: RawBuilder<MasUser>,
): AsyncGenerator<SyncedAccount> {
  const others = eachRow(target, 'syn2op_users', users)
  let other = await others.next()
  try {
    for await (const account of accounts) {
      const owner = BigInt(account.owner)
      while (other.done !== true && BigInt(other.value.owner) < owner) other = await others.next()
      if (other.done === true) return
      if (BigInt(other.value.owner) === owner) yield { ...account, atMas: other.value }
    }
  } finally {
    await others.return(undefined)
  }
}

type MasUser = ReturnType<typeof knownToMas> extends RawBuilder<infer Row> ? Row : never
