import { DatabaseSync } from 'node:sqlite'
import type pg from 'pg'

/** How Synapse's CREATE TABLE writes a type for both databases. */
const DECLARED: Readonly<Record<string, string>> = {
  'text': 'TEXT',
  'bigint': 'BIGINT',
  'integer': 'INTEGER',
  'smallint': 'SMALLINT',
  'boolean': 'BOOLEAN',
  'jsonb': 'JSONB',
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

interface Column {
  readonly name: string
  readonly type: string
}

/** As Python's sqlite3 binds what Synapse gives it. */
const toCell = (value: string | null | undefined, { type }: Column): null | bigint | string => {
  if (value === null || value === undefined) return null
  if (type === 'boolean') return value === 'true' ? 1n : 0n
  if (type === 'bigint' || type === 'integer' || type === 'smallint') return BigInt(value)
  return value
}

const columnsOf = async (client: pg.Client, table: string): Promise<readonly Column[]> => {
  const { rows } = await client.query<Column>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  )
  return rows
}

const indexesOf = async (client: pg.Client, table: string): Promise<readonly string[]> => {
  const { rows } = await client.query<{ columns: string }>(
    `SELECT (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.at)
             FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, at)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) AS columns
     FROM pg_index i WHERE i.indrelid = $1::regclass`,
    [table],
  )
  return rows.map(({ columns }) => columns)
}

/**
 * Writes what a database of Synapse's on PostgreSQL holds into a file as Synapse on SQLite would have it: the same tables,
 * truths as 0 and 1, with a write-ahead log, and closed as a stop closes it.
 */
export const writeSqliteHomeserver = async (client: pg.Client, file: string): Promise<void> => {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; BEGIN')
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  )
  for (const { name } of tables) {
    const columns = await columnsOf(client, name)
    const declared = columns.map((column) => `${quoted(column.name)} ${DECLARED[column.type] ?? 'TEXT'}`)
    database.exec(`CREATE TABLE ${quoted(name)} (${declared.join(', ')})`)
    for (const [at, list] of (await indexesOf(client, name)).entries()) {
      database.exec(`CREATE INDEX ${quoted(`${name}_${at}`)} ON ${quoted(name)} (${list})`)
    }
    const texts = columns.map((column) => `${quoted(column.name)}::text`)
    const { rows } = await client.query<(string | null)[]>({
      text: `SELECT ${texts.join(', ')} FROM ${quoted(name)}`,
      rowMode: 'array',
    })
    const insert = database.prepare(`INSERT INTO ${quoted(name)} VALUES (${columns.map(() => '?').join(', ')})`)
    for (const row of rows) insert.run(...columns.map((column, at) => toCell(row[at], column)))
  }
  database.exec('COMMIT')
  database.close()
}
