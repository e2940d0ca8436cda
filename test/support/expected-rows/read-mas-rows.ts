import type { Client } from 'pg'
import type { Cell } from './cells.ts'
import { MAS_WRITTEN_TABLES, type MasTable } from './story-schema.ts'
import { type MasRow, type MasRows, masRow } from './wanted-rows.ts'

/** Per table: its natural columns, and the identifier of its rows, which becomes the time it begins with. */
const QUERIES: Readonly<Record<MasTable, string>> = {
  users: `SELECT user_id AS id, username, created_at, locked_at, deactivated_at, can_request_admin, is_guest FROM users`,
  user_passwords: `
    SELECT user_password_id AS id, username, hashed_password, version, p.created_at, upgraded_from_id
    FROM user_passwords p JOIN users USING (user_id)`,
  user_emails: `
    SELECT user_email_id AS id, username, email, e.created_at FROM user_emails e JOIN users USING (user_id)`,
  user_unsupported_third_party_ids: `
    SELECT NULL AS id, username, medium, address, t.created_at
    FROM user_unsupported_third_party_ids t JOIN users USING (user_id)`,
  upstream_oauth_links: `
    SELECT upstream_oauth_link_id AS id, username, upstream_oauth_provider_id AS provider, subject, l.created_at,
      human_account_name
    FROM upstream_oauth_links l LEFT JOIN users USING (user_id)`,
  compat_sessions: `
    SELECT compat_session_id AS id, username, device_id, s.created_at, finished_at, user_session_id, is_synapse_admin,
      last_active_at, last_active_ip, user_agent, human_name,
      CASE WHEN device_id IS NULL THEN
        (SELECT string_agg(access_token, ' and ') FROM compat_access_tokens t WHERE t.compat_session_id = s.compat_session_id)
      END AS deviceless_token
    FROM compat_sessions s JOIN users USING (user_id)`,
  compat_access_tokens: `
    SELECT compat_access_token_id AS id, username, device_id, access_token, t.created_at, expires_at
    FROM compat_access_tokens t JOIN compat_sessions USING (compat_session_id) JOIN users USING (user_id)`,
  compat_refresh_tokens: `
    SELECT compat_refresh_token_id AS id, username, device_id, refresh_token, a.access_token, t.created_at, consumed_at
    FROM compat_refresh_tokens t
    JOIN compat_sessions s USING (compat_session_id) JOIN users USING (user_id)
    LEFT JOIN compat_access_tokens a
      ON a.compat_access_token_id = t.compat_access_token_id AND a.compat_session_id = s.compat_session_id`,
}

/** As the stories write times; microseconds, which Synapse never has, stay visible. */
const isoTime = (text: string): string => text.replace(' ', 'T').replace(/000$/, '').concat('Z')

const timeColumns = (row: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(row).filter((column) => column.endsWith('_at'))

/** A ULID in a UUID begins with 48 bits of milliseconds. */
export const identifierTime = (uuid: string): number => Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)

/** One statement per table, its times as UTC text to the microsecond. */
const textTimes = (table: MasTable): string => {
  const columns = [...QUERIES[table].matchAll(/\b(\w+_at)\b/g)].map(([, column]) => column)
  const texts = [...new Set(columns)].map(
    (column) => `to_char(x.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS ${column}`,
  )
  return `SELECT x.*, ${texts.join(', ')} FROM (${QUERIES[table]}) x`
}

const naturalRow = (table: MasTable, { id, ...row }: Readonly<Record<string, Cell>>): MasRow => {
  const columns: Record<string, Cell> = { ...row }
  for (const column of timeColumns(row)) {
    const text = columns[column]
    if (typeof text === 'string') columns[column] = isoTime(text)
  }
  return masRow(table, columns, typeof id === 'string' ? identifierTime(id) : null)
}

/** Every row of the eight tables that a migration fills, as the search path of the connection sees them. */
export const readMasRows = async (client: Client): Promise<MasRows> => {
  const rows: Partial<Record<MasTable, readonly MasRow[]>> = {}
  for (const table of MAS_WRITTEN_TABLES) {
    const result = await client.query<Record<string, Cell>>(textTimes(table))
    rows[table] = result.rows.map((row) => naturalRow(table, row))
  }
  return rows as MasRows
}
