import { sql } from 'kysely'
import type pg from 'pg'
import { run } from './statement.ts'

/** How a server that follows another one stands. */
export interface FollowerState {
  /** Bytes of log that it has received and not replayed. */
  readonly unreplayed: number
  readonly paused: boolean
  /** Whether it receives anything now. False also where files are shipped to it. */
  readonly receives: boolean
  /** When the newest transaction that it has replayed was committed (ISO 8601, UTC); undefined: none since it started. */
  readonly newest: string | undefined
  /** Whether its primary keeps rows that are read here. */
  readonly feedback: boolean
  /** For how long replay waits for a statement before it ends it, milliseconds; -1: for ever. */
  readonly patienceMs: number
}

/** What may make a server that answers now fail, or keep us waiting, later. */
export interface ServerHealth {
  /** Every transaction is read-only unless it says otherwise: set for the role, the database or the server. */
  readonly writesOff: boolean
  /** How many more connections our role may open; of a superuser all that the server has left. */
  readonly connectionsLeft: number
  /** Set where the operating system sorts otherwise than when the indexes were made. */
  readonly collation: { readonly made: string; readonly now: string } | undefined
  /** Every commit waits for a standby, and none is connected: the setting that says for which. */
  readonly waitsForStandby: string | undefined
  /** Absent for a server that follows nobody. */
  readonly follower: FollowerState | undefined
}

interface Row {
  readonly writesOff: boolean
  readonly serverLeft: number
  readonly roleLeft: number | null
  readonly databaseLeft: number | null
  readonly made: string | null
  readonly waitsFor: string | null
  readonly inRecovery: boolean
}

/**
 * Names may be those of settings and columns that older servers lack: they are asked so that NULL is the answer then.
 * Everybody may see how many sessions there are and whose, and whether any standby is connected.
 * Source: PostgreSQL documentation, pg_stat_activity, pg_stat_replication, reserved_connections (since 16).
 */
const HEALTH = sql<Row>`
  WITH sessions AS (
    SELECT usename, datname FROM pg_stat_activity
    WHERE coalesce(backend_type, 'client backend') = 'client backend' AND usename IS NOT NULL
  )
  SELECT
    current_setting('default_transaction_read_only')::boolean AS "writesOff",
    (
      current_setting('max_connections')::integer
      - CASE WHEN r.rolsuper THEN 0
        ELSE current_setting('superuser_reserved_connections')::integer
          + coalesce(current_setting('reserved_connections', true)::integer, 0)
        END
      - (SELECT count(*) FROM sessions)
    )::integer AS "serverLeft",
    CASE WHEN NOT r.rolsuper AND r.rolconnlimit >= 0
      THEN (r.rolconnlimit - (SELECT count(*) FROM sessions WHERE usename = r.rolname))::integer END AS "roleLeft",
    CASE WHEN NOT r.rolsuper AND d.datconnlimit >= 0
      THEN (d.datconnlimit - (SELECT count(*) FROM sessions WHERE datname = d.datname))::integer END AS "databaseLeft",
    to_jsonb(d) ->> 'datcollversion' AS made,
    CASE
      WHEN current_setting('synchronous_commit') IN ('off', 'local') OR EXISTS (SELECT FROM pg_stat_replication) THEN NULL
      ELSE nullif(current_setting('synchronous_standby_names'), '')
    END AS "waitsFor",
    pg_is_in_recovery() AS "inRecovery"
  FROM pg_database d, pg_roles r
  WHERE d.datname = current_database() AND r.rolname = session_user
`

const FOLLOWER = sql<{
  readonly unreplayed: number
  readonly paused: boolean
  readonly receives: boolean
  readonly newest: string | null
  readonly feedback: boolean
  readonly patienceMs: number
}>`
  SELECT
    coalesce(greatest(pg_last_wal_receive_lsn() - pg_last_wal_replay_lsn(), 0), 0)::double precision AS unreplayed,
    pg_is_wal_replay_paused() AS paused,
    EXISTS (SELECT FROM pg_stat_wal_receiver) AS receives,
    to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS newest,
    current_setting('hot_standby_feedback')::boolean AS feedback,
    (SELECT setting::integer FROM pg_settings WHERE name = 'max_standby_streaming_delay') AS "patienceMs"
`

export const readServerHealth = async (client: pg.Client): Promise<ServerHealth> => {
  const [row] = await run(client, HEALTH)
  if (row === undefined) throw new TypeError('pg_database does not show the current database')
  const [follower] = row.inRecovery ? await run(client, FOLLOWER) : []
  return {
    writesOff: row.writesOff,
    connectionsLeft: Math.min(...[row.serverLeft, row.roleLeft, row.databaseLeft].filter((left) => left !== null)),
    collation: row.made === null ? undefined : await changedCollation(client, row.made),
    waitsForStandby: row.waitsFor ?? undefined,
    follower: follower === undefined ? undefined : { ...follower, newest: follower.newest ?? undefined },
  }
}

/** Asked only where a version was recorded: the function came with the column, in PostgreSQL 15. */
const changedCollation = async (client: pg.Client, made: string): Promise<ServerHealth['collation']> => {
  const [row] = await run<{ now: string | null }>(
    client,
    sql`SELECT pg_database_collation_actual_version(oid) AS now FROM pg_database WHERE datname = current_database()`,
  )
  const now = row?.now ?? undefined
  return now === undefined || now === made ? undefined : { made, now }
}
