import { sql } from 'kysely'
import type pg from 'pg'
import { run } from './statement.ts'

/** What a session is connected to. */
export interface ServerDescription {
  /** Such as `15.18`, without the packager's addition. */
  readonly version: string
  /** Such as 150018. */
  readonly versionNum: number
  /** The database's encoding, such as `UTF8`. */
  readonly encoding: string
  readonly collation: string
  /** True for a standby that replays its primary. */
  readonly inRecovery: boolean
  readonly database: string
  /** The first existing schema of the search path; undefined when none exists. */
  readonly schema: string | undefined
  readonly user: string
  readonly backendPid: number
  /** The cluster's identifier, shared with its physical copies; undefined where the role may not ask. */
  readonly systemIdentifier: string | undefined
  /** Address of the server's end; undefined over a unix socket. */
  readonly serverAddress: string | undefined
}

interface Row {
  readonly version: string
  readonly versionNum: number
  readonly encoding: string
  readonly collation: string
  readonly inRecovery: boolean
  readonly database: string
  readonly schema: string | null
  readonly user: string
  readonly backendPid: number
  readonly serverAddress: string | null
  readonly mayAskIdentifier: boolean
}

export const describeServer = async (client: pg.Client): Promise<ServerDescription> => {
  const [row] = await run(
    client,
    sql<Row>`
      SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
        current_setting('server_version_num')::int AS "versionNum",
        pg_encoding_to_char(d.encoding) AS encoding,
        d.datcollate AS collation,
        pg_is_in_recovery() AS "inRecovery",
        d.datname::text AS database,
        current_schema()::text AS schema,
        current_user::text AS "user",
        pg_backend_pid() AS "backendPid",
        host(inet_server_addr()) AS "serverAddress",
        has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS "mayAskIdentifier"
      FROM pg_catalog.pg_database d WHERE d.datname = current_database()`,
  )
  if (!row) throw new Error('pg_database does not show the current database')
  // Asked apart: naming a function without the privilege to call it fails the whole statement.
  const [control] = row.mayAskIdentifier
    ? await run(client, sql<{ id: string }>`SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()`)
    : []
  const { mayAskIdentifier: _, schema, serverAddress, ...rest } = row
  return {
    ...rest,
    schema: schema ?? undefined,
    serverAddress: serverAddress ?? undefined,
    systemIdentifier: control?.id,
  }
}
