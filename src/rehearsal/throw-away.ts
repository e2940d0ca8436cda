import type { PostgresSettings } from '../postgres/settings.ts'

/** A PostgreSQL server of our own that is gone, data and all, after `stop`. */
export interface ThrowAwayPostgres {
  /** What runs it, for people: `embedded PostgreSQL 18.4`, `container postgres:17-alpine`. */
  readonly backend: string
  /** How to reach a database of this server as its superuser. The database need not exist yet. */
  settings(database: string): PostgresSettings
  /** Makes an empty database as Synapse wants it (UTF8, C locale, from template0) and says how to reach it. */
  createDatabase(name: string): Promise<PostgresSettings>
  /** Ends the server. Connections that are still open fail. May be called more than once. */
  stop(): Promise<void>
}

/**
 * throw-away: nothing waits for disks, for data that nobody will miss. usual: PostgreSQL's own settings, where times are to be
 * compared with those of a server that somebody relies on.
 */
export type Durability = 'throw-away' | 'usual'

const COMMON: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  maintenance_work_mem: '128MB',
  max_connections: '100',
  timezone: 'UTC',
}

/** Few checkpoints, no waiting for disks, no compilation of statements. Never for a database that somebody wants to keep. */
const WITHOUT_DISKS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  checkpoint_timeout: '1h',
  jit: 'off',
}

/** The settings of a server of ours as arguments of `postgres`. */
export const throwAwayArguments = (durability: Durability = 'throw-away'): readonly string[] =>
  Object.entries({ ...COMMON, ...(durability === 'throw-away' ? WITHOUT_DISKS : {}) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
