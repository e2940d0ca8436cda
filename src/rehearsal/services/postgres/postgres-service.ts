import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { Service } from '../way.ts'

/** A PostgreSQL server for a rehearsal. */
export interface PostgresService extends Service {
  /** How to reach a database of the rehearsal: the name that `createDatabase` was given. It need not exist yet. */
  settings(database: string): PostgresSettings
  /** Makes an empty database as Synapse wants it (UTF8, C locale, from template0) and says how to reach it. */
  createDatabase(name: string): Promise<PostgresSettings>
}

/** How to reach a server of our own, as its superuser. */
export const ownSettings = (address: {
  readonly host: string
  readonly port: number
  readonly password: string
  readonly database: string
}): PostgresSettings => ({
  ...address,
  user: 'postgres',
  sslMode: 'disable',
  connectTimeoutMs: 10_000,
  origin: 'throw-away database',
})
