import type { PostgresSettings } from '../postgres/settings.ts'

/**
 * Makes a database as Synapse wants it: encoding UTF8, collation and character type C, from template0
 * (Synapse documentation, "Using Postgres", set up database).
 * @param server how to reach any database of the server as a role that may create databases
 */
export const createSynapseDatabase = async (server: PostgresSettings, name: string): Promise<void> => {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    database: server.database,
    user: server.user,
    ...(server.password === undefined ? {} : { password: server.password }),
  })
  await client.connect()
  try {
    await client.query(
      `create database ${client.escapeIdentifier(name)} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`,
    )
  } finally {
    await client.end()
  }
}
