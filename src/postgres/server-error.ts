import pg from 'pg'
import type { ErrorCode } from '../errors/catalogue.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'

const QUOTED = /(["„«“])[^"“»”„«]*["“»”]/g

/**
 * A server's error in words without the values of rows: its SQLSTATE, message and the names of the constraint, table
 * or column. Messages of class 22 (data) and P0 (raised by functions) quote values, which are left out; `detail`,
 * `where` and `hint` are never shown.
 */
export const describeServerError = (error: pg.DatabaseError): string => {
  const state = error.code ?? 'no SQLSTATE'
  const quotesValues = state.startsWith('22') || state.startsWith('P0')
  const message = quotesValues ? error.message.replace(QUOTED, '"…"') : error.message
  const names = [
    error.table && `table ${error.table}`,
    error.column && `column ${error.column}`,
    error.constraint && `constraint ${error.constraint}`,
  ].filter((name) => name && !message.includes(name.split(' ')[1] ?? ''))
  return `${message} (${[state, ...names].join(', ')})`
}

const NEXT: Readonly<Record<string, string>> = {
  '40001':
    'On a standby: set max_standby_streaming_delay or hot_standby_feedback, or read from the primary; then try again',
  '42501': "The server's log names the table and the role; docs/how-to/synapse-to-mas.md lists the privileges",
  '53100': "Free space on the database server's disk, then try again",
  '53200': 'Give the database server more memory, then try again',
  '55P03': 'Find who holds the lock (pg_locks), then try again',
  '57014': 'Somebody cancelled the statement on the server; try again',
  '57P01': 'The server was stopped or the session ended by an administrator; try again',
}

const SEE_LOG = "See the database server's log, then try again"

const codeOf = (state: string | undefined): ErrorCode => {
  if (state === '42501') return 'database.not-allowed'
  return 'database.failed'
}

/** What a client is connected to, as `describeSettings` writes it. */
export const describeClient = (client: pg.Client): string =>
  `${client.user}@${client.host}:${client.port}/${client.database}`

/**
 * A failure of a statement or a connection under way, without values of rows; the driver's error is only the cause.
 * @param client undefined: nobody knows which it was.
 */
export const databaseFailure = (doing: string, client: pg.Client | undefined, cause: unknown): Syn2opError => {
  const where = client === undefined ? 'a database' : describeClient(client)
  if (cause instanceof pg.DatabaseError) {
    const next = NEXT[cause.code ?? ''] ?? SEE_LOG
    return new Syn2opError(codeOf(cause.code), `${doing} failed at ${where}: ${describeServerError(cause)}`, {
      cause,
      next: [next],
    })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Syn2opError('database.failed', `${doing} failed at ${where}: ${reason}`, {
    cause,
    next: [SEE_LOG],
  })
}
