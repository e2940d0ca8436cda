import pg from 'pg'
import type { PostgresSettings } from '../../src/postgres/settings.ts'
import type { PostgresAddress } from './postgres-server.ts'

export interface NewDatabaseOptions {
  /** The database to copy; template0 when an encoding is given, else template1. */
  readonly template?: string
  readonly encoding?: string
}

/** A server for tests with what tests do to it. */
export interface TestPostgres extends PostgresAddress {
  /** A libpq URL of a database, password included. */
  url(database: string): string
  settings(database: string): PostgresSettings
  /** Creates the database anew: one of the same name is dropped first, with its connections. */
  createDatabase(name: string, options?: NewDatabaseOptions): Promise<PostgresSettings>
  /** Connects as the superuser; the caller ends the client. */
  superuser(database?: string): Promise<pg.Client>
  /** Connects as the superuser, runs the statements in order, and returns the rows of the last. */
  execute(database: string, ...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>
}

const createStatement = (name: string, options: NewDatabaseOptions): string => {
  const template = options.template ?? (options.encoding === undefined ? undefined : 'template0')
  return [
    `CREATE DATABASE ${pg.escapeIdentifier(name)}`,
    template === undefined ? '' : `TEMPLATE ${pg.escapeIdentifier(template)}`,
    options.encoding === undefined ? '' : `ENCODING ${pg.escapeLiteral(options.encoding)} LOCALE 'C'`,
  ].join(' ')
}

/** The server at an address, for programs too that vitest does not run. */
export const serverForTests = (address: PostgresAddress): TestPostgres => {
  const { host, port, user, password } = address
  const settings = (database: string): PostgresSettings => ({
    host,
    port,
    database,
    user,
    password,
    sslMode: 'disable',
    connectTimeoutMs: 10_000,
    origin: 'test',
  })
  const superuser = async (database = 'postgres'): Promise<pg.Client> => {
    const client = new pg.Client({ host, port, user, password, database })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const execute: TestPostgres['execute'] = async (database, ...statements) => {
    const client = await superuser(database)
    try {
      let rows: readonly Record<string, unknown>[] = []
      for (const statement of statements) rows = (await client.query(statement)).rows
      return rows
    } finally {
      await client.end()
    }
  }
  return {
    host,
    port,
    user,
    password,
    socketFolder: address.socketFolder,
    url: (database) => `postgresql://${user}:${password}@${host}:${port}/${encodeURIComponent(database)}`,
    settings,
    superuser,
    execute,
    createDatabase: async (name, options = {}) => {
      const drop = `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`
      await execute('postgres', drop, createStatement(name, options))
      return settings(name)
    },
  }
}
