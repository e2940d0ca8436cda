import { ulidToUuid } from '../../../src/targets/mas/config/ulid.ts'
import { type Cell, resolveCell } from './cells.ts'
import { type StoryEntry, storyEntries } from './entries.ts'
import type { Story } from './load-story.ts'
import type { SourceRecord } from './source-record.ts'
import type { CellSpec, MasTable } from './story-schema.ts'

/** A row of MAS under its natural key; identifiers of other rows are replaced by natural columns. */
export interface MasRow {
  /** Columns that no other row of the table shares, in words. */
  readonly key: string
  readonly columns: Readonly<Record<string, Cell>>
  /** The milliseconds in the row's identifier; null where the table has none. */
  readonly identifierTime: number | null
}

export type MasRows = Readonly<Record<MasTable, readonly MasRow[]>>

/** The columns that tell one row of a table from another, after identifiers became natural columns. */
const KEY_COLUMNS: Readonly<Record<MasTable, readonly string[]>> = {
  users: ['username'],
  user_passwords: ['username', 'hashed_password'],
  user_emails: ['username', 'email'],
  user_unsupported_third_party_ids: ['username', 'medium', 'address'],
  upstream_oauth_links: ['provider', 'subject'],
  compat_sessions: ['username', 'device_id', 'deviceless_token'],
  compat_access_tokens: ['access_token'],
  compat_refresh_tokens: ['refresh_token'],
}

export const masRow = (
  table: MasTable,
  columns: Readonly<Record<string, Cell>>,
  identifierTime: number | null,
): MasRow => ({
  key: KEY_COLUMNS[table].map((column) => `${column} ${JSON.stringify(columns[column] ?? null)}`).join(', '),
  columns,
  identifierTime,
})

const tableOf = (entry: StoryEntry): MasTable => {
  switch (entry.relation) {
    case 'account':
      return 'users'
    case 'password':
      return 'user_passwords'
    case 'threepid':
      return entry.medium === 'email' ? 'user_emails' : 'user_unsupported_third_party_ids'
    case 'external_id':
      return 'upstream_oauth_links'
    case 'session':
      return 'compat_sessions'
    case 'access_token':
      return 'compat_access_tokens'
    case 'refresh_token':
      return 'compat_refresh_tokens'
  }
}

interface Context {
  readonly story: Story
  readonly record: SourceRecord
  /** Per mxid: the resolved user row. */
  readonly users: ReadonlyMap<string | null, Readonly<Record<string, Cell>>>
}

/** A deviceless session has no source row of `devices`, so the story's references to it say nothing. */
const isOfNoDevice = (entry: StoryEntry, spec: CellSpec): boolean =>
  entry.relation === 'session' &&
  entry.device === null &&
  typeof spec === 'object' &&
  spec !== null &&
  'source' in spec &&
  spec.source.startsWith('devices.')

const columnsOf = (entry: StoryEntry, table: MasTable, { story, record, users }: Context): Record<string, Cell> => {
  const { copied, otherwise } = story.tables[table]
  const user = users.get(entry.account) ?? {}
  const specs = { ...otherwise, ...story.otherwise[table], ...entry.row }
  const columns: Record<string, Cell> = table === 'users' ? {} : { username: user['username'] ?? null }
  for (const [column, part] of Object.entries(copied)) columns[column] = entry[part] ?? null
  for (const [column, spec] of Object.entries(specs)) {
    columns[column] = isOfNoDevice(entry, spec) ? null : resolveCell(spec, entry, record, user['created_at'] ?? null)
  }
  if (table === 'upstream_oauth_links') columns['provider'] = providerUuid(columns['provider'], story)
  if (table === 'compat_sessions') columns['deviceless_token'] = entry.device === null ? (entry.token ?? null) : null
  if (table === 'compat_access_tokens' || table === 'compat_refresh_tokens') columns['device_id'] = entry.device ?? null
  return columns
}

const providerUuid = (provider: Cell | undefined, story: Story): string => {
  const ulid = story.providers[String(provider)]
  if (ulid === undefined) throw new Error(`The story names no provider ${JSON.stringify(provider)}`)
  return ulidToUuid(ulid)
}

const wantedRow = (entry: StoryEntry, context: Context): MasRow => {
  const table = tableOf(entry)
  const columns = columnsOf(entry, table, context)
  const timeColumn = context.story.tables[table].identifier_time
  const time = timeColumn === null ? null : Date.parse(String(columns[timeColumn]))
  return masRow(table, columns, entry.identifierTime ?? time)
}

/** The rows that MAS must hold, and no others. */
export const wantedRows = (story: Story, record: SourceRecord): MasRows => {
  const carried = storyEntries(story, record).filter(({ row }) => row !== undefined)
  const accounts = carried.filter(({ relation }) => relation === 'account')
  const before = { story, record, users: new Map() }
  const users = new Map(accounts.map((entry) => [entry.account, columnsOf(entry, 'users', before)]))
  const rows = (table: MasTable): readonly MasRow[] =>
    carried.filter((entry) => tableOf(entry) === table).map((entry) => wantedRow(entry, { story, record, users }))
  return {
    users: rows('users'),
    user_passwords: rows('user_passwords'),
    user_emails: rows('user_emails'),
    user_unsupported_third_party_ids: rows('user_unsupported_third_party_ids'),
    upstream_oauth_links: rows('upstream_oauth_links'),
    compat_sessions: rows('compat_sessions'),
    compat_access_tokens: rows('compat_access_tokens'),
    compat_refresh_tokens: rows('compat_refresh_tokens'),
  }
}
