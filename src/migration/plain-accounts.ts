import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { PLAIN_TABLES, type PlainAccounts, type PlainRow, type PlainTable } from '../accounts/plain-accounts.ts'
import { ownerHash } from '../difference/owner.ts'
import { run } from '../postgres/statement.ts'

/**
 * Reads some accounts as Synapse's tables hold them, and all rows of others that theirs depend on: tokens of one pair,
 * and identities of one subject. Nothing is shaped here, so that whoever compares shares nothing with the copy.
 * @param reader within a snapshot of the source.
 */
export const readPlainAccounts = async (reader: Client, mxids: readonly string[]): Promise<PlainAccounts['tables']> => {
  const present = await presentTables(reader)
  const read = async (table: PlainTable, where: RawBuilder<unknown>): Promise<readonly PlainRow[]> => {
    if (!present.has(table)) return []
    const rows = await run<{ row: PlainRow }>(
      reader,
      sql`SELECT to_jsonb(t) ${SIZES[table] ?? sql``} AS row FROM ${sql.id(table)} t WHERE ${where}`,
    )
    return rows.map(({ row }) => row)
  }
  const ofThem = sql`t.user_id = ANY (${mxids}::text[])`
  const own = {
    users: await read('users', sql`t.name = ANY (${mxids}::text[])`),
    user_threepids: await read('user_threepids', ofThem),
    user_external_ids: await read('user_external_ids', ofThem),
    devices: await read('devices', ofThem),
    access_tokens: await read('access_tokens', ofThem),
    refresh_tokens: await read('refresh_tokens', ofThem),
    e2e_device_keys_json: await read('e2e_device_keys_json', ofThem),
  }
  const subjects = own.user_external_ids.map((row) => row['external_id'])
  const identities = await read('user_external_ids', sql`t.external_id = ANY (${subjects}::text[])`)
  // A pair, and its successor: two steps along next_token_id reach all that a decision asks for.
  const pairs = await read(
    'refresh_tokens',
    sql`t.id = ANY (${own.access_tokens.map((row) => row['refresh_token_id'])}::bigint[])`,
  )
  const first = [...own.refresh_tokens, ...pairs]
  const next = await read('refresh_tokens', sql`t.id = ANY (${first.map((row) => row['next_token_id'])}::bigint[])`)
  const refreshTokens = distinct([...first, ...next], 'id')
  const tokens = await read(
    'access_tokens',
    present.has('refresh_tokens')
      ? sql`t.refresh_token_id = ANY (${refreshTokens.map((row) => row['id'])}::bigint[])`
      : sql`false`,
  )
  const owners = [...new Set(identities.map((row) => row['user_id']))]
  return {
    ...own,
    users: distinct([...own.users, ...(await read('users', sql`t.name = ANY (${owners}::text[])`))], 'name'),
    user_external_ids: distinct([...own.user_external_ids, ...identities], 'auth_provider', 'external_id'),
    refresh_tokens: refreshTokens,
    access_tokens: distinct([...own.access_tokens, ...tokens], 'id'),
  }
}

/** Bytes as stored, by which an index takes a value or not: the server alone knows them. */
const SIZES: Partial<Record<PlainTable, RawBuilder<unknown>>> = {
  user_external_ids: sql`|| jsonb_build_object('stored_size', pg_column_size(t.external_id))`,
  user_threepids: sql`|| jsonb_build_object('stored_size', pg_column_size(t.address))`,
}

const presentTables = async (reader: Client): Promise<ReadonlySet<string>> => {
  const rows = await run<{ name: string }>(
    reader,
    sql`SELECT name FROM unnest(${PLAIN_TABLES}::text[]) name WHERE to_regclass(name) IS NOT NULL`,
  )
  return new Set(rows.map(({ name }) => name))
}

const distinct = (rows: readonly PlainRow[], ...key: readonly string[]): readonly PlainRow[] => [
  ...new Map(rows.map((row) => [JSON.stringify(key.map((name) => row[name])), row])).values(),
]

/**
 * Accounts chosen at random: the same for the same seed.
 * @param without owners (64 bits of an mxid's hash) that are not chosen.
 */
export const sampleAccounts = async (
  reader: Client,
  { count, seed, without }: { readonly count: number; readonly seed: string; readonly without: readonly string[] },
): Promise<readonly string[]> => {
  const rows = await run<{ mxid: string }>(
    reader,
    sql`
      SELECT name AS mxid FROM users
      WHERE name IS NOT NULL AND (${ownerHash(sql`name`)} = ANY (${without}::bigint[])) IS NOT TRUE
      ORDER BY sha256(convert_to(${seed}::text || ' ' || name, 'UTF8')), name
      LIMIT ${count}
    `,
  )
  return rows.map(({ mxid }) => mxid)
}

/** Which of some names a mapping's patterns take for ghosts: PostgreSQL's regular expressions, so PostgreSQL says it. */
export const ghostsAmong = async (
  reader: Client,
  names: readonly string[],
  patterns: readonly string[],
): Promise<readonly string[]> => {
  const rows = await run<{ name: string }>(
    reader,
    sql`SELECT name FROM unnest(${names}::text[]) name WHERE name ~ ANY (${patterns}::text[])`,
  )
  return rows.map(({ name }) => name)
}
