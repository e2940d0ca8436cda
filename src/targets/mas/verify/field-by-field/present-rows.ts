import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { PlainRow } from '../../../../accounts/plain-accounts.ts'
import { run } from '../../../../postgres/statement.ts'
import { type FieldRow, keyOf, nameOf } from './field-row.ts'
import { addressOf, type FieldValue, isoOfTimestamp, textOf } from './values.ts'

/** MAS's rows of some accounts as its tables hold them. */
export interface PlainMasRows {
  readonly users: readonly PlainRow[]
  readonly user_passwords: readonly PlainRow[]
  readonly user_emails: readonly PlainRow[]
  readonly user_unsupported_third_party_ids: readonly PlainRow[]
  readonly upstream_oauth_links: readonly PlainRow[]
  readonly compat_sessions: readonly PlainRow[]
  readonly compat_access_tokens: readonly PlainRow[]
  readonly compat_refresh_tokens: readonly PlainRow[]
}

/** Reads them. @param schema where the tables stand. */
export const readMasRows = async (
  client: Client,
  schema: string,
  usernames: readonly string[],
): Promise<PlainMasRows> => {
  await run(client, sql`SET TimeZone = 'UTC'`)
  const read = async (table: keyof PlainMasRows, where: RawBuilder<unknown>): Promise<readonly PlainRow[]> => {
    const rows = await run<{ row: PlainRow }>(
      client,
      sql`SELECT to_jsonb(t) AS row FROM ${sql.id(schema, table)} t WHERE ${where}`,
    )
    return rows.map(({ row }) => row)
  }
  const users = await read('users', sql`t.username = ANY (${usernames}::text[])`)
  const ofUsers = sql`t.user_id = ANY (${users.map((row) => row['user_id'])}::uuid[])`
  const sessions = await read('compat_sessions', ofUsers)
  const ofSessions = sql`t.compat_session_id = ANY (${sessions.map((row) => row['compat_session_id'])}::uuid[])`
  return {
    users,
    user_passwords: await read('user_passwords', ofUsers),
    user_emails: await read('user_emails', ofUsers),
    user_unsupported_third_party_ids: await read('user_unsupported_third_party_ids', ofUsers),
    upstream_oauth_links: await read('upstream_oauth_links', ofUsers),
    compat_sessions: sessions,
    compat_access_tokens: await read('compat_access_tokens', ofSessions),
    compat_refresh_tokens: await read('compat_refresh_tokens', ofSessions),
  }
}

/** The rows with what they refer to by name instead of identifiers. */
export const presentRows = (rows: PlainMasRows, serverName: string): readonly FieldRow[] => {
  const by = (table: keyof PlainMasRows, column: string): ReadonlyMap<string | null, PlainRow> =>
    new Map(rows[table].map((row) => [textOf(row, column), row]))
  const users = by('users', 'user_id')
  const sessions = by('compat_sessions', 'compat_session_id')
  const tokens = by('compat_access_tokens', 'compat_access_token_id')
  const mxidOf = (row: PlainRow | undefined): string => {
    const user = row === undefined ? undefined : users.get(textOf(row, 'user_id'))
    return user === undefined ? 'nobody' : `@${textOf(user, 'username')}:${serverName}`
  }
  const sessionOf = (row: PlainRow): PlainRow | undefined => sessions.get(textOf(row, 'compat_session_id'))
  const deviceOf = (row: PlainRow | undefined): string | null => (row === undefined ? null : textOf(row, 'device_id'))
  /** Of a session of no device: its token. */
  const tokenOf = (session: PlainRow): string | null => {
    const own = rows.compat_access_tokens.filter((row) => row['compat_session_id'] === session['compat_session_id'])
    return own.map((row) => textOf(row, 'access_token')).toSorted()[0] ?? null
  }
  return [
    ...rows.users.map((row): FieldRow => {
      const mxid = mxidOf(row)
      const columns = ['created_at', 'locked_at', 'can_request_admin', 'is_guest', 'deactivated_at']
      return { table: 'users', key: keyOf(mxid), name: mxid, fields: fieldsOf(row, columns) }
    }),
    ...rows.user_passwords.map((row): FieldRow => {
      const mxid = mxidOf(row)
      const columns = ['hashed_password', 'created_at', 'version', 'upgraded_from_id']
      return { table: 'user_passwords', key: keyOf(mxid), name: mxid, fields: fieldsOf(row, columns) }
    }),
    ...rows.user_emails.map((row): FieldRow => {
      const [mxid, email] = [mxidOf(row), textOf(row, 'email')]
      const fields = fieldsOf(row, ['created_at'])
      return { table: 'user_emails', key: keyOf(mxid, email), name: nameOf(mxid, email), fields }
    }),
    ...rows.user_unsupported_third_party_ids.map((row): FieldRow => {
      const [mxid, medium, address] = [mxidOf(row), textOf(row, 'medium'), textOf(row, 'address')]
      return {
        table: 'user_unsupported_third_party_ids',
        key: keyOf(mxid, medium, address),
        name: nameOf(mxid, medium, address),
        fields: fieldsOf(row, ['created_at']),
      }
    }),
    ...rows.upstream_oauth_links.map((row): FieldRow => {
      const [mxid, subject] = [mxidOf(row), textOf(row, 'subject')]
      return {
        table: 'upstream_oauth_links',
        key: keyOf(textOf(row, 'upstream_oauth_provider_id'), subject),
        name: nameOf(mxid, subject),
        fields: { mxid, ...fieldsOf(row, ['created_at', 'human_account_name']) },
      }
    }),
    ...rows.compat_sessions.map((row): FieldRow => {
      const [mxid, deviceId] = [mxidOf(row), deviceOf(row)]
      return {
        table: 'compat_sessions',
        key: keyOf(mxid, deviceId, deviceId === null ? tokenOf(row) : null),
        name: nameOf(mxid, deviceId ?? 'a session of no device'),
        fields: fieldsOf(row, [
          'created_at',
          'finished_at',
          'is_synapse_admin',
          'last_active_at',
          'last_active_ip',
          'user_session_id',
          'user_agent',
          'human_name',
        ]),
      }
    }),
    ...rows.compat_access_tokens.map((row): FieldRow => {
      const [mxid, deviceId] = [mxidOf(sessionOf(row)), deviceOf(sessionOf(row))]
      return {
        table: 'compat_access_tokens',
        key: keyOf(textOf(row, 'access_token')),
        name: nameOf(mxid, deviceId, 'an access token'),
        fields: { mxid, device_id: deviceId, ...fieldsOf(row, ['created_at', 'expires_at']) },
      }
    }),
    ...rows.compat_refresh_tokens.map((row): FieldRow => {
      const [mxid, deviceId] = [mxidOf(sessionOf(row)), deviceOf(sessionOf(row))]
      const pair = tokens.get(textOf(row, 'compat_access_token_id'))
      return {
        table: 'compat_refresh_tokens',
        key: keyOf(textOf(row, 'refresh_token')),
        name: nameOf(mxid, deviceId, 'a refresh token'),
        fields: {
          access_token: pair === undefined ? null : textOf(pair, 'access_token'),
          mxid,
          device_id: deviceId,
          ...fieldsOf(row, ['created_at', 'consumed_at']),
        },
      }
    }),
  ]
}

const fieldsOf = (row: PlainRow, columns: readonly string[]): Readonly<Record<string, FieldValue>> =>
  Object.fromEntries(columns.map((column) => [column, cellOf(row, column)]))

const cellOf = (row: PlainRow, column: string): FieldValue => {
  if (column.endsWith('_at')) return isoOfTimestamp(textOf(row, column))
  if (column === 'last_active_ip') {
    const text = textOf(row, column)
    return addressOf(text) ?? text
  }
  return row[column] ?? null
}
