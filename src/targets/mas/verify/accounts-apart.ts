import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'

/** Where `accountsApart` puts its tables. */
export const APART_SCHEMA = 'pg_temp'

/**
 * Puts the rows of some accounts into temporary tables under their own names, so that the same queries find no others:
 * found by indexes, for 20,000 accounts in a MAS of any size. Begins a transaction; its end drops the tables.
 * @param usernames localparts.
 */
export const accountsApart = async (client: Client, schema: string, usernames: readonly string[]): Promise<void> => {
  await run(client, sql`BEGIN`)
  await run(client, TUNING)
  for (const { table, of } of TABLES) {
    await run(client, sql`CREATE TEMPORARY TABLE ${sql.id(table)} (LIKE ${sql.id(schema, table)}) ON COMMIT DROP`)
    const rows = sql`SELECT t.* FROM ${sql.id(schema, table)} t`
    await run(
      client,
      of === undefined
        ? sql`INSERT INTO ${sql.id(APART_SCHEMA, table)} ${rows} WHERE t.username = ANY (${usernames}::text[])`
        : sql`
            INSERT INTO ${sql.id(APART_SCHEMA, table)} ${rows}
            JOIN ${sql.id(APART_SCHEMA, of.table)} o ON o.${sql.id(of.column)} = t.${sql.id(of.column)}`,
    )
    // A session that names no device is known by its token, which is looked up session by session.
    if (table === 'compat_access_tokens') {
      await run(client, sql`CREATE INDEX ON ${sql.id(APART_SCHEMA, table)} (compat_session_id)`)
    }
    await run(client, sql`ANALYZE ${sql.id(APART_SCHEMA, table)}`)
  }
}

/**
 * Few rows of large tables: the indexes are quicker than the planner expects, and compiling (jit) costs more than it saves.
 * Without bitmaps it leaves MAS's trigram index over user names alone, which is for searching: that took 12 s for 5,000
 * names among 500,000, the unique index takes milliseconds.
 */
const TUNING = sql`
  SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL random_page_cost = 1.1;
  SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL enable_bitmapscan = off
`

/** Owners before what they own. */
const TABLES: readonly { readonly table: string; readonly of?: { readonly table: string; readonly column: string } }[] =
  [
    { table: 'users' },
    ...[
      'user_passwords',
      'user_emails',
      'user_unsupported_third_party_ids',
      'upstream_oauth_links',
      'compat_sessions',
    ].map((table) => ({ table, of: { table: 'users', column: 'user_id' } })),
    ...['compat_access_tokens', 'compat_refresh_tokens'].map((table) => ({
      table,
      of: { table: 'compat_sessions', column: 'compat_session_id' },
    })),
  ]
