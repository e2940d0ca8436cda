import { sql } from 'kysely'
import type { Client } from 'pg'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { WaitClock } from '../../../postgres/wait-clock.ts'
import type { Batch } from '../../batch.ts'
import type { Stoppable } from '../../target.ts'
import { ACCOUNT, incoming, type Workspace } from './workspace.ts'

/**
 * Copies the wanted rows of a batch beside MAS's tables: in their natural form, each with the identifier that it gets
 * if it is inserted. They pass as buffers; how long the copies wait for the source is the source's time, not MAS's. The batch's first reader is used by nobody else meanwhile.
 * @throws Syn2opError database.failed, or internal where the source is no database or lacks an account to migrate.
 */
export const readIncoming = async (
  workspace: Workspace,
  { batch, signal, waits }: { readonly batch: Batch; readonly waits: WaitClock } & Stoppable,
): Promise<void> => {
  const [reader] = batch.source?.readers ?? []
  if (reader === undefined) throw new Syn2opError('internal', 'MAS needs a database as source')
  await copyAll(workspace, { reader, signal, waits })
  await run(workspace.client, sql`ANALYZE ${sql.join([ACCOUNT, ...workspace.tables.map(incoming)])}`)
  await requireAccounts(workspace)
}

const copyAll = async (
  { client, tables }: Workspace,
  { reader, signal, waits }: { readonly reader: Client; readonly waits: WaitClock } & Stoppable,
): Promise<void> => {
  await run(reader, sql`SAVEPOINT before_batch`)
  try {
    for (const table of tables) {
      const { natural, wanted } = table.shape
      const columns = natural.columns.map(({ name }) => sql.id(name))
      const proposed = table.id === undefined ? sql`NULL::bytea` : sql.id(table.id)
      await copyBetween({
        from: reader,
        to: client,
        select: compileStatement(sql`SELECT ${sql.join([...columns, proposed])} FROM (${wanted}) wanted`),
        into: compileStatement(
          sql`COPY ${incoming(table)} (${sql.join([...columns, sql.id('proposed')])}) FROM STDIN (FORMAT binary)`,
        ),
        what: `the rows of a batch for ${table.table}`,
        signal,
        waits,
      })
    }
    await run(reader, sql`RELEASE SAVEPOINT before_batch`)
  } catch (error) {
    await run(reader, sql`ROLLBACK TO SAVEPOINT before_batch`).catch(() => {})
    throw error
  }
}

/** A batch that lost its rows on the way would look like accounts that lost all that they have. */
const requireAccounts = async ({ client, tables }: Workspace): Promise<void> => {
  const [users] = tables
  if (users === undefined) return
  const missing = await run<{ mxid: string }>(
    client,
    sql`
      SELECT a.mxid
      FROM ${ACCOUNT} a
      WHERE a.is_wanted AND NOT EXISTS (SELECT FROM ${incoming(users)} i WHERE i.owner = a.owner)
      LIMIT 3
    `,
  )
  if (missing.length === 0) return
  const names = missing.map(({ mxid }) => mxid).join(', ')
  throw new Syn2opError('internal', `The source has no rows of accounts that were decided to migrate: ${names}`)
}
