import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { type DemoOptions, fillDemoHomeserver } from '../../../src/rehearsal/demo/fill.ts'
import type { TestPostgres } from '../postgres.ts'

/** A demo homeserver in a database of its own, with every kind of damage unless it is said. */
export const createDemoHomeserver = async (
  postgres: TestPostgres,
  name: string,
  {
    accounts,
    damage = 'all',
    version = NEWEST_SYNAPSE,
  }: Pick<DemoOptions, 'accounts'> & Partial<Pick<DemoOptions, 'damage' | 'version'>>,
): Promise<PostgresSettings> => {
  const settings = await postgres.createDatabase(name, { encoding: 'UTF8' })
  const client = await postgres.superuser(name)
  try {
    for (const statement of synapseDdl(version)) await client.query(statement)
    await fillDemoHomeserver(client, { accounts, damage, version })
  } finally {
    await client.end()
  }
  return settings
}
