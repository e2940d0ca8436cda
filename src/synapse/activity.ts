import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../postgres/statement.ts'

/** Signs that somebody works with Synapse's database while we do. */
export interface SourceActivity {
  /** Other connections to the database, each in words. Our own are not among them. */
  readonly connections: readonly string[]
  /** Of a SQLite file: what tells that somebody uses it, each in words. */
  readonly signs?: readonly string[]
  /**
   * How many transactions the whole server began between two looks, less our own. Only a hint: they may belong to
   * another database, and a Synapse where nobody does anything begins none.
   */
  readonly transactions: number
}

/** The server's next transaction id. Reading it begins no transaction of ours. */
export const nextTransaction = async (client: Client): Promise<bigint> => {
  const [row] = await run<{ next: string }>(client, sql`SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next`)
  return BigInt(row?.next ?? 0)
}

/**
 * Who else is connected to the database of this connection. Of other roles' sessions a role that is not in
 * pg_read_all_stats sees whose they are and their application name, but neither their kind nor their address.
 */
export const otherConnections = async (client: Client): Promise<readonly string[]> => {
  const rows = await run<{ who: string }>(
    client,
    sql`
      SELECT format(
        '%s of %s%s',
        coalesce(nullif(application_name, ''), 'a program without a name'),
        coalesce(usename, 'an unknown role'),
        coalesce(' from ' || host(client_addr), '')
      ) AS who
      FROM pg_stat_activity
      WHERE datname = current_database()
        AND usename IS NOT NULL
        AND coalesce(backend_type, 'client backend') = 'client backend'
        AND pid <> pg_backend_pid()
        AND coalesce(application_name, '') NOT LIKE 'syn2op%'
      ORDER BY backend_start
    `,
  )
  return rows.map(({ who }) => who)
}
