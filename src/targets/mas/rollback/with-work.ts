import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { RollbackPlan, RollbackSource } from '../../road-rollback.ts'
import { stoppable } from '../load/stoppable.ts'
import type { MasDatabase } from '../mas-database.ts'
import { giveConnection, giveUpConnection, takeConnection } from '../merge/batch-connections.ts'
import { mergeFailure } from '../merge/merge-errors.ts'
import { mergeTables } from '../merge/merge-table.ts'
import type { Covered } from './covered.ts'
import { referringTables } from './references.ts'
import type { RollbackWork } from './rollback-work.ts'
import { forgetScope, listScope } from './scope.ts'
import { readSourceNow } from './source-now.ts'

/** Lends a connection with the accounts listed, and what the source has of those whose rows are restored. */
export const withWork = async (
  database: MasDatabase,
  { covered, source, doing }: { readonly covered: Covered; readonly source: RollbackSource; readonly doing: string },
  work: (work: RollbackWork, count: number) => Promise<RollbackPlan>,
): Promise<RollbackPlan> => {
  const { signal, used } = source
  const client = await takeConnection(database)
  try {
    return await stoppable(client, signal, async () => {
      signal.throwIfAborted()
      const schema = await database.schema()
      const serverName = database.config.homeserver
      const tables = mergeTables(database.rows(source.decisions, 'fast'))
      const count = await listScope({ client, schema, serverName }, covered)
      await readSourceNow({ client, tables, schema, serverName, covered: covered.isCovered('i') }, source)
      const workspace = { client, tables, schema, serverName, hasJournal: true }
      const referring = await referringTables(
        client,
        schema,
        tables.map(({ table }) => table),
      )
      return work({ workspace, covered, used, tables: referring }, count)
    })
  } catch (error) {
    throw mergeFailure(doing, client, error, signal)
  } finally {
    await giveBack(database, client)
  }
}

const giveBack = async (database: MasDatabase, client: Client): Promise<void> => {
  try {
    await run(client, sql`ROLLBACK`)
    await forgetScope(client)
    giveConnection(database, client)
  } catch {
    giveUpConnection(database, client)
  }
}
