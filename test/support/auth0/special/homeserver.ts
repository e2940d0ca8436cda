import { run } from '../../../../src/postgres/statement.ts'
import { NEWEST_SYNAPSE, type SynapseTable } from '../../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../../src/rehearsal/demo/ddl.ts'
import { homeserverRows } from '../../../../src/rehearsal/demo/population/homeserver.ts'
import { type DemoRow, insertRows } from '../../../../src/rehearsal/demo/rows.ts'
import type { TestPostgres } from '../../postgres.ts'
import { sourceIn, type TestSource } from '../faults/source.ts'
import { specialRows } from './rows.ts'
import type { SpecialAccount } from './special-account.ts'

export interface SpecialHomeserver {
  /** Of its database. */
  readonly name: string
  readonly accounts: readonly SpecialAccount[]
  /** Absent: it has none. */
  readonly pepper?: string
}

/** A homeserver of nobody but those accounts. */
export const makeSpecialHomeserver = async (
  postgres: TestPostgres,
  { name, accounts, pepper }: SpecialHomeserver,
): Promise<TestSource> => {
  const database = await postgres.createDatabase(name, { encoding: 'UTF8' })
  const client = await postgres.superuser(name)
  try {
    for (const statement of synapseDdl(NEWEST_SYNAPSE)) await client.query(statement)
    const all = { ...homeserverRows(NEWEST_SYNAPSE), ...(await specialRows(accounts, pepper ?? '')) }
    for (const [table, rows] of Object.entries(all) as [SynapseTable, readonly DemoRow[]][]) {
      const statement = insertRows(NEWEST_SYNAPSE, table, rows)
      if (statement !== undefined) await run(client, statement)
    }
  } finally {
    await client.end()
  }
  const source = await sourceIn(database)
  const { pepper: _, ...homeserver } = source.homeserver
  return { ...source, homeserver: { ...homeserver, ...(pepper === undefined ? {} : { pepper }) } }
}
