import { type RawBuilder, sql } from 'kysely'
import { connect } from '../postgres/connect.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { compileStatement } from '../postgres/statement.ts'

/**
 * Makes a database as Synapse wants it: encoding UTF8, collation and character type C, from template0
 * (Synapse documentation, "Using Postgres", set up database).
 * @param server how to reach any database of the server as a role that may create databases
 * @param comment what is written at the database, for whoever finds it
 */
export const createSynapseDatabase = async (
  server: PostgresSettings,
  name: string,
  comment?: string,
): Promise<void> => {
  await onServer(server, [
    sql`CREATE DATABASE ${sql.id(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
    ...(comment === undefined ? [] : [sql`COMMENT ON DATABASE ${sql.id(name)} IS ${sql.lit(comment)}`]),
  ])
}

/** Runs statements that stand for themselves, one after the other, in a session of their own. */
export const onServer = async (server: PostgresSettings, statements: readonly RawBuilder<unknown>[]): Promise<void> => {
  const client = await connect(server, { applicationName: 'syn2op rehearsal' })
  try {
    for (const statement of statements) await client.query(compileStatement(statement))
  } finally {
    await client.end()
  }
}
