import type { TestPostgres } from '../postgres.ts'

/** What MAS's journal says of accounts and rows, whichever runs wrote it: times and the numbers of runs are left out. */
const KEPT = {
  account: 'owner, print, rows, always, held, conflict',
  written_row: 'table_number, owner, key, digest',
  left_row: 'table_number, owner, key, digest',
  cohort: 'number, name, begun_at IS NOT NULL',
  cohort_member: 'owner, cohort',
} as const

/** Count and hash of each table of the journal; nothing where there is none. */
export const readJournalState = async (
  postgres: TestPostgres,
  database: string,
): Promise<Readonly<Record<string, string>>> => {
  const client = await postgres.superuser(database)
  try {
    const state: Record<string, string> = {}
    for (const [table, columns] of Object.entries(KEPT)) {
      const { rows: present } = await client.query(
        `SELECT FROM pg_tables WHERE schemaname = 'syn2op' AND tablename = '${table}'`,
      )
      if (present.length === 0) continue
      const { rows } = await client.query<{ state: string }>(
        `SELECT format('%s rows, %s', count(*), md5(string_agg(row, '' ORDER BY row COLLATE "C"))) AS state
         FROM (SELECT md5(ROW(${columns})::text) AS row FROM syn2op.${table}) rows`,
      )
      state[table] = String(rows[0]?.state)
    }
    return state
  } finally {
    await client.end()
  }
}
