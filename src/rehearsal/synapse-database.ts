import type { PostgresSettings } from '../postgres/settings.ts'

/** The section `database` of a homeserver.yaml, for a database of a rehearsal. It holds the password. */
export const synapseDatabase = (settings: PostgresSettings) => {
  const { host, hostAddress, port, database, user, password, sslMode } = settings
  return {
    name: 'psycopg2',
    args: {
      host,
      ...(hostAddress === undefined ? {} : { hostaddr: hostAddress }),
      port,
      dbname: database,
      user,
      ...(password === undefined ? {} : { password }),
      sslmode: sslMode,
    },
  }
}
