import { sql } from 'kysely'
import type pg from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { AppliedMigrations, OtherSession, PresentProvider, PresentTable } from './inspection.ts'

/** Which of the tables hold a row; each is read no further than its first. */
export const readWhichHoldRows = async (
  client: pg.ClientBase,
  tables: readonly PresentTable[],
): Promise<ReadonlyMap<string, boolean>> => {
  if (tables.length === 0) return new Map()
  const questions = tables.map(
    ({ schema, name }) =>
      sql`SELECT ${sql.lit(name)} AS name, EXISTS (SELECT FROM ${sql.id(schema, name)}) AS "hasRows"`,
  )
  const rows = await run<{ readonly name: string; readonly hasRows: boolean }>(
    client,
    sql`${sql.join(questions, sql.raw(' UNION ALL '))}`,
  )
  return new Map(rows.map(({ name, hasRows }) => [name, hasRows]))
}

export const readMigrations = async (
  client: pg.ClientBase,
  { schema, name }: PresentTable,
): Promise<AppliedMigrations> => {
  const rows = await run<{ readonly version: string; readonly success: boolean }>(
    client,
    sql`SELECT version::text AS version, success FROM ${sql.id(schema, name)} ORDER BY ${sql.ref('version')}`,
  )
  return {
    versions: rows.map(({ version }) => Number(version)),
    failed: rows.filter(({ success }) => !success).map(({ version }) => Number(version)),
  }
}

interface ProviderRow {
  readonly uuid: string
  readonly issuer: string | null
  readonly humanName: string | null
  readonly disabled: boolean
}

/** Read as JSON, so that a database too old to have all the columns can be read and judged too. */
export const readProviders = async (
  client: pg.ClientBase,
  { schema, name }: PresentTable,
): Promise<readonly PresentProvider[]> => {
  const rows = await run<ProviderRow>(
    client,
    sql`
      SELECT
        row ->> 'upstream_oauth_provider_id' AS uuid,
        row ->> 'issuer' AS issuer,
        row ->> 'human_name' AS "humanName",
        (row ->> 'disabled_at') IS NOT NULL AS disabled
      FROM (SELECT to_jsonb(provider) AS row FROM ${sql.id(schema, name)} provider) providers
      ORDER BY 1
    `,
  )
  return rows.map(({ uuid, issuer, humanName, disabled }) => ({
    uuid,
    disabled,
    ...(issuer === null ? {} : { issuer }),
    ...(humanName === null ? {} : { humanName }),
  }))
}

interface SessionRow {
  readonly user: string
  readonly applicationName: string | null
  readonly client: string | null
  readonly count: number
}

/**
 * Who else is connected to this database. Of other roles' sessions a role that is not in pg_read_all_stats sees whose they
 * are and their application name, but neither address nor kind. Our own are known by their application name, which
 * starts with syn2op.
 */
export const readOtherSessions = async (client: pg.ClientBase): Promise<readonly OtherSession[]> => {
  const rows = await run<SessionRow>(
    client,
    sql`
      SELECT
        usename::text AS "user",
        nullif(application_name, '') AS "applicationName",
        CASE
          WHEN client_addr IS NOT NULL THEN host(client_addr)
          WHEN client_port = -1 THEN 'socket'
        END AS client,
        count(*)::integer AS count
      FROM pg_stat_activity
      WHERE datname = current_database()
        AND pid <> pg_backend_pid()
        AND usename IS NOT NULL
        AND coalesce(backend_type, 'client backend') = 'client backend'
        AND coalesce(application_name, '') NOT LIKE 'syn2op%'
      GROUP BY 1, 2, 3
      ORDER BY 1, 2, 3
    `,
  )
  return rows.map(({ user, applicationName, client: from, count }) => ({
    user,
    count,
    ...(applicationName === null ? {} : { applicationName }),
    ...(from === null ? {} : { client: from }),
  }))
}
