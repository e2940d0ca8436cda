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
 * Settings of a server whose data nobody will miss: no waiting for disks, no compilation of statements, few checkpoints.
 * Never for a database that somebody wants to keep.
 */
export const THROW_AWAY_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  checkpoint_timeout: '1h',
  shared_buffers: '128MB',
  maintenance_work_mem: '128MB',
  max_connections: '100',
  jit: 'off',
  timezone: 'UTC',
}

/** THROW_AWAY_SETTINGS as arguments of `postgres`. */
export const throwAwayArguments = (): readonly string[] =>
  Object.entries(THROW_AWAY_SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
