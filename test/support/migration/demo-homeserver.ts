import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { type DemoOptions, fillDemoHomeserver } from '../../../src/rehearsal/demo/fill.ts'
import type { TestPostgres } from '../postgres.ts'

/** A demo homeserver with every kind of damage in a database of its own. */
export const createDemoHomeserver = async (
  postgres: TestPostgres,
  name: string,
  { accounts, version = NEWEST_SYNAPSE }: Pick<DemoOptions, 'accounts'> & Partial<Pick<DemoOptions, 'version'>>,
): Promise<PostgresSettings> => {
  const settings = await postgres.createDatabase(name, { encoding: 'UTF8' })
  const client = await postgres.superuser(name)
  try {
    for (const statement of synapseDdl(version)) await client.query(statement)
    await fillDemoHomeserver(client, { accounts, damage: 'all', version })
  } finally {
    await client.end()
  }
  return settings
}
