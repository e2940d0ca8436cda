import { sql } from 'kysely'
import type pg from 'pg'
import { connect } from '../../../postgres/connect.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'

/** What PostgreSQL takes a table of Keycloak's to be, and what it is. */
export interface TableStatistics {
  readonly table: string
  /** Rows that the planner reckons with; absent: it was never looked at. */
  readonly believed?: number
  readonly rows: number
}

export type Statistics = readonly TableStatistics[]

/** The tables that grow by every account, and are looked into for each. */
const TABLES = ['user_entity', 'credential', 'user_attribute', 'federated_identity', 'user_role_mapping']

/** For who has only psql. */
export const STATISTICS_STATEMENT = `ANALYZE ${TABLES.join(', ')};`

const withDatabase = async <Result>(
  database: NonNullable<KeycloakConfig['database']>,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> => {
  const client = await connect(database, { applicationName: 'syn2op', signal, lockTimeoutMs: 10_000 })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const look = async (client: pg.Client): Promise<Statistics> => {
  const found = await run(
    client,
    sql<{ table: string; believed: number; rows: number }>`
      SELECT c.relname AS "table", c.reltuples::bigint AS believed, coalesce(s.n_live_tup, 0) AS rows
      FROM pg_class AS c
      LEFT JOIN pg_stat_user_tables AS s ON s.relid = c.oid
      WHERE c.oid = ANY (ARRAY(SELECT to_regclass(name) FROM unnest(${TABLES}::text[]) AS name)::oid[])
      ORDER BY c.relname
    `,
  )
  return found.map(({ table, believed, rows }) => ({ table, ...(believed < 0 ? {} : { believed }), rows }))
}

/**
 * What the planner knows of Keycloak's tables.
 * @throws Syn2opError database.*, run.interrupted
 */
export const readStatistics = (
  database: NonNullable<KeycloakConfig['database']>,
  signal: AbortSignal,
): Promise<Statistics> => withDatabase(database, signal, look)

/**
 * Has PostgreSQL count Keycloak's tables anew, some tenths of a second: while tables grow from nothing, the planner takes them
 * for small, and each account takes up to four times as long. Whoever loads does it at its begin, where people are there already, and at the first 2,000 and 20,000 accounts.
 * Where keycloak.yaml names no database, nothing happens.
 * @returns what was believed before and after; undefined where nobody may
 * @throws Syn2opError database.*, run.interrupted
 */
export const refreshStatistics = async (
  { database }: Pick<KeycloakConfig, 'database'>,
  signal: AbortSignal,
): Promise<{ readonly before: Statistics; readonly after: Statistics } | undefined> => {
  if (database === undefined) return undefined
  return withDatabase(database, signal, async (client) => {
    const before = await look(client)
    const tables = sql.join(before.map(({ table }) => sql.table(table)))
    if (before.length > 0) await client.query(compileStatement(sql`ANALYZE ${tables}`))
    return { before, after: await look(client) }
  })
}
