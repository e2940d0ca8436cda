import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'
import { masDdl } from '../../../src/targets/mas/database/schema.ts'
import type { TestPostgres } from '../postgres.ts'

/**
 * An empty MAS database with the rows of its providers, as `mas-cli config sync` would leave it.
 * @param providers UUIDs as MAS stores them.
 */
export const createMasDatabase = async (
  postgres: TestPostgres,
  name: string,
  providers: readonly string[],
): Promise<PostgresSettings> => {
  const settings = await postgres.createDatabase(name, { encoding: 'UTF8' })
  const client = await postgres.superuser(name)
  try {
    for (const statement of masDdl()) await client.query(statement)
    for (const uuid of providers) {
      await client.query(
        `INSERT INTO upstream_oauth_providers
           (upstream_oauth_provider_id, issuer, scope, client_id, token_endpoint_auth_method, created_at)
         VALUES ($1, 'https://provider.example', 'openid', 'client', 'none', '2026-01-01Z')`,
        [uuid],
      )
    }
  } finally {
    await client.end()
  }
  return settings
}

/** How many rows each of the tables that a migration fills holds. */
export const countMasRows = async (postgres: TestPostgres, database: string): Promise<Record<string, number>> => {
  const counts = MAS_WRITTEN_TABLES.map((table) => `(SELECT count(*) FROM ${table})::integer AS ${table}`)
  const [row] = await postgres.execute(database, `SELECT ${counts.join(', ')}`)
  return Object.fromEntries(MAS_WRITTEN_TABLES.map((table) => [table, Number(row?.[table])]))
}
