import { setTimeout as sleep } from 'node:timers/promises'
import type { TestPostgres } from './postgres.ts'

/** All of a MAS database that a run may change: compared whole, before against after. */
export interface TargetState {
  /** Rows and their hash by table, of every table outside our journal; the order of rows does not count. */
  readonly rows: Readonly<Record<string, string>>
  /** Every index and constraint in PostgreSQL's own words, with whether it is valid. */
  readonly definitions: readonly string[]
  /** Every schema but PostgreSQL's own and our journal's. */
  readonly schemas: readonly string[]
}

const TABLES = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'syn2op')
  ORDER BY 1`

const DEFINITIONS = `
  SELECT format('%s %s: %s%s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid),
    CASE WHEN c.convalidated THEN '' ELSE ' (not validated)' END) AS definition
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'syn2op')
  UNION ALL
  SELECT format('%s%s', pg_get_indexdef(i.indexrelid),
    CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' (not valid)' END)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'syn2op')
  ORDER BY 1`

const SCHEMAS = `
  SELECT nspname AS name FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'syn2op') ORDER BY 1`

export const readTargetState = async (postgres: TestPostgres, database: string): Promise<TargetState> => {
  const client = await postgres.superuser(database)
  try {
    const rows: Record<string, string> = {}
    for (const { name } of (await client.query<{ name: string }>(TABLES)).rows) {
      const { rows: found } = await client.query<{ rows: string; hash: string | null }>(
        `SELECT count(*) AS rows, md5(string_agg(row, '' ORDER BY row COLLATE "C")) AS hash
         FROM (SELECT md5(t::text) AS row FROM ${name} t) rows`,
      )
      rows[name] = `${found[0]?.rows} rows, ${found[0]?.hash ?? 'no hash'}`
    }
    const definitions = await client.query<{ definition: string }>(DEFINITIONS)
    const schemas = await client.query<{ name: string }>(SCHEMAS)
    return {
      rows,
      definitions: definitions.rows.map(({ definition }) => definition),
      schemas: schemas.rows.map(({ name }) => name),
    }
  } finally {
    await client.end()
  }
}

/** What the journal says of its newest run; undefined where none was ever committed. */
export interface JournalEntry {
  readonly runId: string
  readonly state: string
  /** Such as `copy: users, keys: user_emails user_emails_pkey`. */
  readonly activity: string
}

export const readJournal = async (postgres: TestPostgres, database: string): Promise<JournalEntry | undefined> => {
  const [journal] = await postgres.execute(database, `SELECT to_regclass('syn2op.run') IS NOT NULL AS present`)
  if (journal?.['present'] !== true) return undefined
  const [run] = await postgres.execute(
    database,
    'SELECT run_id, state, activity FROM syn2op.run ORDER BY started_at DESC LIMIT 1',
  )
  if (run === undefined) return undefined
  return { runId: String(run['run_id']), state: String(run['state']), activity: String(run['activity']) }
}

/** Sessions of ours in the databases, each in words. */
export const ourSessions = async (postgres: TestPostgres, databases: readonly string[]): Promise<readonly string[]> => {
  const list = databases.map((name) => `'${name}'`).join(', ')
  const rows = await postgres.execute(
    'postgres',
    `SELECT format('%s in %s: %s %s', application_name, datname, state, query) AS session
     FROM pg_stat_activity WHERE application_name LIKE 'syn2op%' AND datname IN (${list})`,
  )
  return rows.map(({ session }) => String(session))
}

/** A server notices a moment later that a client has hung up: the sessions of ours that stay. */
export const lastingSessions = async (
  postgres: TestPostgres,
  databases: readonly string[],
): Promise<readonly string[]> => {
  const deadline = Date.now() + 20_000
  for (;;) {
    const sessions = await ourSessions(postgres, databases)
    if (sessions.length === 0 || Date.now() > deadline) return sessions
    await sleep(50)
  }
}
