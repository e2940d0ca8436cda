import { sql } from 'kysely'
import pg from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { connectError, otherWayMayHelp } from './connect-error.ts'
import { refuseSharedSessions } from './pooler.ts'
import { describeSettings, type PostgresSettings, type SessionAttributes } from './settings.ts'
import { run } from './statement.ts'
import { type Attempt, attemptsFor } from './tls.ts'
import { typeParsers } from './types.ts'

export interface ConnectOptions {
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  readonly signal?: AbortSignal
  /**
   * `read-only` makes every transaction of the session read-only unless it says otherwise. Of a session that is to write,
   * and so may keep others waiting, the server also gives up what it sends in vain.
   */
  readonly access?: 'read-only' | 'read-write'
  /** How long a statement waits for a lock; 0, the default, waits for ever. */
  readonly lockTimeoutMs?: number
}

const noPassword = (settings: PostgresSettings): Syn2opError =>
  new Syn2opError(
    'database.refused',
    `Cannot connect to ${describeSettings(settings)}: the server asks for a password`,
    {
      next: [`Give the password where ${settings.origin} takes it, or by a passfile`],
    },
  )

const newClient = (settings: PostgresSettings, options: ConnectOptions, ssl: Attempt): pg.Client => {
  const client = new pg.Client({
    host: settings.hostAddress ?? settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    password:
      settings.password ??
      (() => {
        throw noPassword(settings)
      }),
    ssl,
    sslnegotiation: 'postgres',
    connectionTimeoutMillis: settings.connectTimeoutMs,
    application_name: options.applicationName,
    keepAlive: true,
    keepAliveInitialDelayMillis: 60_000,
    types: typeParsers,
  })
  // node-postgres fills these from PGOPTIONS and PGREPLICATION when they are empty.
  const parameters: unknown = Reflect.get(client, 'connectionParameters')
  Object.assign(parameters ?? {}, { options: settings.options, replication: undefined })
  // A broken connection rejects the query under way; without a listener the event would end the process.
  client.on('error', () => {})
  return client
}

const open = async (settings: PostgresSettings, options: ConnectOptions, attempt: Attempt): Promise<pg.Client> => {
  const client = newClient(settings, options, attempt)
  const stop = (): void => {
    client.connection.stream.destroy(new Error('aborted'))
  }
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    await client.connect()
    return client
  } catch (error) {
    client.connection.stream.destroy()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
}

const openFirst = async (settings: PostgresSettings, options: ConnectOptions): Promise<pg.Client> => {
  const [first, ...others] = attemptsFor(settings)
  let attempt = first
  for (;;) {
    try {
      return await open(settings, options, attempt)
    } catch (error) {
      const next = others.shift()
      if (next === undefined || options.signal?.aborted || !otherWayMayHelp(error)) throw connectError(error, settings)
      attempt = next
    }
  }
}

/**
 * Settings that make values travel unchanged, whatever the role's or the database's own defaults are. Row-level
 * security then raises an error instead of silently hiding rows.
 */
const sessionSettings = ({ access, lockTimeoutMs = 0 }: ConnectOptions): Readonly<Record<string, string>> => ({
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  lock_timeout: String(lockTimeoutMs),
  row_security: 'off',
  ...(access === 'read-only' ? { default_transaction_read_only: 'on' } : {}),
})

/** Seconds after which a server knows that our machine, or the way to it, is gone: 30, and 3 questions 10 apart. */
const PRESENCE = { tcp_keepalives_idle: '30', tcp_keepalives_interval: '10', tcp_keepalives_count: '3' } as const
const PRESENCE_MS = '60000'

/**
 * Settings that not every server has. Without an answer to its questions a server ends the session, and so lets go of
 * its locks and its snapshot; by itself it asks after two hours. It does not ask while it waits for us to take what it
 * has sent: then tcp_user_timeout counts, which would also end the session of a reader that takes nothing for a while
 * because the other side is slow.
 * Over a unix socket none of these means anything, and a platform that lacks one goes without.
 * Source: PostgreSQL documentation, idle_session_timeout (since 14), transaction_timeout (since 17), tcp_user_timeout
 * (since 12); tcp(7), TCP_USER_TIMEOUT.
 */
const optionalSettings = ({ access }: ConnectOptions): Readonly<Record<string, string>> => ({
  idle_session_timeout: '0',
  transaction_timeout: '0',
  ...PRESENCE,
  ...(access === 'read-write' ? { tcp_user_timeout: PRESENCE_MS } : {}),
})

const prepareSession = async (client: pg.Client, options: ConnectOptions): Promise<void> => {
  const calls = Object.entries(sessionSettings(options)).map(
    ([name, value]) => sql`set_config(${name}, ${value}, false)`,
  )
  const optional = Object.entries(optionalSettings(options)).map(([name, value]) => sql`(${name}, ${value})`)
  await run(
    client,
    sql`
      SELECT
        ${sql.join(calls)},
        (
          SELECT count(set_config(name, value, false))
          FROM (VALUES ${sql.join(optional)}) AS optional (name, value)
          WHERE current_setting(name, true) IS NOT NULL
        )
    `,
  )
}

const requireAttributes = async (
  client: pg.Client,
  settings: PostgresSettings,
  wanted: SessionAttributes,
): Promise<void> => {
  const [row] = await run(
    client,
    sql<{ standby: boolean; readOnly: boolean }>`
      SELECT pg_is_in_recovery() AS standby,
        pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS "readOnly"`,
  )
  const { standby, readOnly } = row ?? { standby: false, readOnly: false }
  const met = { 'read-write': !readOnly, 'read-only': readOnly, primary: !standby, standby }
  if (met[wanted]) return
  throw new Syn2opError(
    'database.unreachable',
    `${describeSettings(settings)} is not ${wanted}, as ${settings.origin} asks`,
    {
      next: [`Name another host in ${settings.origin}, or correct target_session_attrs`],
    },
  )
}

/**
 * Opens a session with libpq's meaning of the settings. The session's settings are ours (encoding, time zone, formats,
 * no time limits) and bigints arrive as numbers; a bigint that is no safe integer makes its query reject. A client
 * whose connection breaks rejects its query and never ends the process. The caller ends the client.
 *
 * Raises `database.unreachable`, `database.refused`, `database.not-allowed`, `database.untrusted`, `database.pooled`,
 * `config.unreadable` (a TLS file) or, when the signal aborts, `run.interrupted`.
 */
export const connect = async (settings: PostgresSettings, options: ConnectOptions): Promise<pg.Client> => {
  const interrupted = (cause?: unknown): Syn2opError =>
    new Syn2opError('run.interrupted', `Connecting to ${describeSettings(settings)} was interrupted`, { cause })
  if (options.signal?.aborted) throw interrupted()
  let client: pg.Client | undefined
  try {
    client = await openFirst(settings, options)
    await refuseSharedSessions(client, () => openFirst(settings, options), settings)
    if (settings.targetSessionAttributes) await requireAttributes(client, settings, settings.targetSessionAttributes)
    await prepareSession(client, options)
    if (options.signal?.aborted) throw interrupted()
    return client
  } catch (error) {
    await client?.end().catch(() => {})
    throw options.signal?.aborted ? interrupted(error) : connectError(error, settings)
  }
}
