import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { STAGING_SCHEMA } from '../load/journal.ts'
import { loadSearchPath } from '../load/staging.ts'

/** Whether MAS's tables stand in our schema: a copy that `migrate --final` has not put in its place yet. */
export const standsAside = async (client: Client): Promise<boolean> => {
  const [row] = await run<{ aside: boolean }>(
    client,
    sql`
      SELECT EXISTS (
        SELECT FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${STAGING_SCHEMA} AND c.relname = 'users'
      ) AS aside
    `,
  )
  return row?.aside === true
}

/**
 * Lets a session find MAS's tables where they stand aside, before those of MAS's own schema.
 * @param homeSchema where they will go.
 */
export const lookAside = async (client: Client, homeSchema: string): Promise<void> => {
  await client.query(await searchPathAside(client, homeSchema))
}

/** The statement that does it. */
export const searchPathAside = async (client: Client, homeSchema: string): Promise<string> => {
  const [path] = await run<{ schemas: readonly string[] }>(client, sql`SELECT current_schemas(false) AS schemas`)
  return loadSearchPath(homeSchema, path?.schemas ?? [])
}
