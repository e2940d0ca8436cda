import type { Client } from 'pg'

/** Every 280th row is updated, every 280th deleted and for every 280th one is inserted: a little over one in a hundred. */
const PART = 280

/** A number that spreads over the rows of a table in no order of theirs. */
const part = (key: string, which: 0 | 1 | 2): string => `abs(hashtext(${key}) % ${PART}) = ${which}`

interface TableChange {
  readonly table: string
  /** Tells one row from another, as text. */
  readonly key: string
  readonly update: string
  /** Columns of the row that is inserted beside an old one, where they differ from it. */
  readonly insert: Readonly<Record<string, string>>
}

const NAME = `replace(name, '@', '@bench_')`
const NEXT_TOKEN = `(SELECT max(id) FROM access_tokens) + row_number() OVER ()`
const NEXT_REFRESH = `(SELECT max(id) FROM refresh_tokens) + row_number() OVER ()`

const CHANGES: readonly TableChange[] = [
  {
    table: 'users',
    key: 'name',
    update: `password_hash = '$2b$12$' || rpad(md5(name), 53, 'x')`,
    insert: { name: NAME, creation_ts: 'creation_ts + 1' },
  },
  {
    table: 'user_threepids',
    key: 'medium || address',
    update: 'added_at = added_at + 1000',
    insert: { address: `address || '.bench'` },
  },
  {
    table: 'user_external_ids',
    key: 'auth_provider || external_id',
    update: `external_id = external_id || '.changed'`,
    insert: { external_id: `external_id || '.bench'` },
  },
  {
    table: 'devices',
    key: 'user_id || device_id',
    update: `last_seen = coalesce(last_seen, 0) + 60000, ip = '203.0.113.7'`,
    insert: { device_id: `device_id || '_BENCH'` },
  },
  {
    table: 'access_tokens',
    key: 'token',
    update: 'last_validated = coalesce(last_validated, 0) + 60000',
    insert: { id: NEXT_TOKEN, token: `token || 'bench'`, refresh_token_id: 'NULL' },
  },
  {
    table: 'refresh_tokens',
    key: 'token',
    update: 'ultimate_session_expiry_ts = 2366841600001',
    insert: { id: NEXT_REFRESH, token: `token || 'bench'`, next_token_id: 'NULL' },
  },
  {
    table: 'e2e_device_keys_json',
    key: 'user_id || device_id',
    update: 'ts_added_ms = ts_added_ms + 1000',
    insert: { device_id: `device_id || '_BENCH'` },
  },
]

const columnsOf = async (client: Client, table: string): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  )
  return rows.map(({ name }) => name)
}

const countOf = async (client: Client, statement: string): Promise<number> =>
  (await client.query(statement)).rowCount ?? 0

export interface ChangedRows {
  readonly table: string
  readonly rows: number
  readonly changed: number
}

/** Changes one in a hundred rows of every table, in one transaction; says of how many rows how many were changed. */
export const changeOnePercent = async (client: Client): Promise<readonly ChangedRows[]> => {
  const results: ChangedRows[] = []
  await client.query('BEGIN')
  for (const { table, key, update, insert } of CHANGES) {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`)
    const columns = await columnsOf(client, table)
    const values = columns.map((column) => insert[column] ?? column)
    const updated = await countOf(client, `UPDATE ${table} SET ${update} WHERE ${part(key, 0)}`)
    const deleted = await countOf(client, `DELETE FROM ${table} WHERE ${part(key, 1)}`)
    const inserted = await countOf(
      client,
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${table} WHERE ${part(key, 2)}`,
    )
    results.push({ table, rows: Number(rows[0]?.count), changed: updated + deleted + inserted })
  }
  await client.query('COMMIT')
  await client.query('ANALYZE')
  return results
}
