import type { TestPostgres } from '../postgres.ts'

/** A row is of a kind of run, whichever of them wrote it: another one may have gone on with it. */
const KIND = '(SELECT kind FROM syn2op.run WHERE run.run_number = t.run_number)'

/** What MAS's journal says of accounts, rows and definitions: times and the numbers of runs are left out. */
const KEPT = {
  account: 'owner, print, rows, always, held, conflict',
  written_row: `table_number, owner, key, digest, ${KIND}`,
  left_row: 'table_number, owner, key, digest',
  before_image: `table_number, owner, key, image, ${KIND}`,
  cohort: 'number, name, begun_at IS NOT NULL',
  cohort_member: 'owner, cohort',
} as const

/** Those by which tables that a run has taken apart are put together; of one that was taken back nobody needs them. */
const SAVED = `
  SELECT format('saved: %s, %s', count(*), md5(string_agg(definition, '' ORDER BY ordinal, definition COLLATE "C"))) AS run
  FROM syn2op.saved_definition JOIN syn2op.run USING (run_id) WHERE state IN ('loading', 'open', 'done')`

/**
 * What stands of runs, each kind of them once, since one that died may have been gone on with by another; and of a load, by
 * whatever made up for its record.
 */
const STANDING = `
  SELECT DISTINCT format('stands: %s', ROW(kind, part, cohort, as_of_ms, mapping_sha256, seed_fingerprint, server_name,
    home_schema, journal_format, mas_migrations)) AS run
  FROM syn2op.run r
  WHERE state IN ('open', 'done')
    AND NOT (kind = 'merge' AND EXISTS (SELECT FROM syn2op.run l WHERE l.kind = 'load' AND l.state = 'done'))
  ORDER BY 1`

/** Where the last of them has come to, and what is still to be done of any that ended. */
const LAST = `
  SELECT format('last: %s, %s, ended %s', state, activity, finished_at IS NOT NULL) AS run
  FROM syn2op.run ORDER BY run_number DESC LIMIT 1`
const TO_BE_DONE = `
  SELECT DISTINCT format('to be done: %s', activity) AS run
  FROM syn2op.run WHERE state = 'loading' OR (state = 'done' AND activity <> '') ORDER BY 1`

const DEFINITIONS = `
  SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' (not valid)' END AS definition
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = to_regnamespace('syn2op')
  UNION ALL
  SELECT format('%s %s: %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = to_regnamespace('syn2op')
  UNION ALL
  SELECT format('%s: %s', relname, relpersistence) FROM pg_class WHERE relnamespace = to_regnamespace('syn2op')
  ORDER BY 1`

export interface JournalState {
  /** Count and hash of each table. */
  readonly entries: Readonly<Record<string, string>>
  readonly runs: readonly string[]
  /** Every relation, index and constraint. */
  readonly definitions: readonly string[]
}

/** All that MAS's journal says that must not depend on how a run came to its end; nothing where there is none. */
export const readJournalState = async (postgres: TestPostgres, database: string): Promise<JournalState> => {
  const client = await postgres.superuser(database)
  try {
    const definitions = (await client.query<{ definition: string }>(DEFINITIONS)).rows.map(
      ({ definition }) => definition,
    )
    const isThere = (table: string): boolean => definitions.includes(`${table}: p`)
    const entries: Record<string, string> = {}
    for (const [table, columns] of Object.entries(KEPT)) {
      if (!isThere(table)) continue
      const { rows } = await client.query<{ state: string }>(
        `SELECT format('%s rows, %s', count(*), md5(string_agg(row, '' ORDER BY row COLLATE "C"))) AS state
         FROM (SELECT md5(ROW(${columns})::text) AS row FROM syn2op.${table} t) rows`,
      )
      entries[table] = String(rows[0]?.state)
    }
    const runs: string[] = []
    for (const query of isThere('run') ? [STANDING, SAVED, LAST, TO_BE_DONE] : []) {
      runs.push(...(await client.query<{ run: string }>(query)).rows.map(({ run }) => run))
    }
    return { entries, runs, definitions }
  } finally {
    await client.end()
  }
}

/** Whether the journal has a run that `--resume` goes on with, or makes up for. */
export const hasUnfinishedRun = async (postgres: TestPostgres, database: string): Promise<boolean> => {
  const [journal] = await postgres.execute(database, `SELECT to_regclass('syn2op.run') IS NOT NULL AS present`)
  if (journal?.['present'] !== true) return false
  const [found] = await postgres.execute(
    database,
    `SELECT state IN ('loading', 'open') OR (state = 'undone' AND activity <> 'rolled back')
       OR EXISTS (SELECT FROM syn2op.run WHERE state = 'done' AND kind = 'load' AND activity <> '') AS unfinished
     FROM syn2op.run ORDER BY run_number DESC LIMIT 1`,
  )
  return found?.['unfinished'] === true
}
