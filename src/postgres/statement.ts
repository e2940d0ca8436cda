import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from 'kysely'
import pg from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { describeClient } from './server-error.ts'

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/**
 * The text of a fragment for statements that take no parameters: COPY, utility statements, DO, several at once.
 * Raises `internal` when the fragment binds a value; write values as `sql.lit`.
 */
export const compileStatement = (fragment: RawBuilder<unknown>): string => {
  const { sql, parameters } = fragment.compile(compiler)
  if (parameters.length === 0) return sql
  throw new Syn2opError(
    'internal',
    `A statement that takes no parameters binds ${parameters.length}: ${sql.slice(0, 80)}`,
  )
}

/** The last statement given to each connection: node-postgres runs one at a time and wants the caller to wait. */
const turns = new WeakMap<pg.ClientBase, Promise<unknown>>()

/**
 * Runs one statement, its bound values sent apart from its text, and returns its rows as the client's parsers give
 * them. Statements for one connection wait for each other. Raises the server's own error, or `database.failed` when the
 * connection is gone.
 */
export const run = <Row>(client: pg.ClientBase, fragment: RawBuilder<Row>): Promise<readonly Row[]> => {
  const { sql, parameters } = fragment.compile(compiler)
  const turn = (turns.get(client) ?? Promise.resolve()).then(() => send<Row>(client, sql, parameters))
  turns.set(
    client,
    turn.catch(() => {}),
  )
  return turn
}

/** How many statements `run` has sent over each connection. */
const sent = new WeakMap<pg.ClientBase, number>()

export const statementsSent = (client: pg.ClientBase): number => sent.get(client) ?? 0

const send = async <Row>(
  client: pg.ClientBase,
  sql: string,
  parameters: readonly unknown[],
): Promise<readonly Row[]> => {
  sent.set(client, statementsSent(client) + 1)
  try {
    // Without parameters the simple protocol is used, which takes several statements; the last one's rows count then.
    const result = parameters.length === 0 ? await client.query(sql) : await client.query(sql, [...parameters])
    const last = Array.isArray(result) ? result.at(-1) : result
    return last?.rows ?? []
  } catch (cause) {
    // What the server itself says is judged by its SQLSTATE elsewhere; the rest is a connection that is gone.
    if (!(cause instanceof pg.DatabaseError)) throw connectionLost(client, cause)
    refusedBy.set(cause, client)
    throw cause
  }
}

/** Whose statement a server's error has ended, for whoever tells of it; weak, since most are dealt with on their way. */
const refusedBy = new WeakMap<pg.DatabaseError, pg.ClientBase>()

/** The connection that a server's error came over; undefined: no statement that `run` sent. */
export const connectionOf = (error: pg.DatabaseError): pg.Client | undefined => {
  const client = refusedBy.get(error)
  return client instanceof pg.Client ? client : undefined
}

const connectionLost = (client: pg.ClientBase, cause: unknown): Syn2opError =>
  new Syn2opError('database.failed', `The connection to ${nameOf(client)} was lost`, {
    cause,
    next: ["See the database server's log, then try again"],
  })

const nameOf = (client: pg.ClientBase): string => (client instanceof pg.Client ? describeClient(client) : 'a database')
