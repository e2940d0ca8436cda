import { type RawBuilder, sql } from 'kysely'
import type { TableShape } from '../../../difference/table-shape.ts'
import { MAS_WRITTEN_TABLES } from '../database/catalogue.ts'
import type { MasRowsContext } from '../rows/context.ts'
import { masTables } from '../rows/tables.ts'

export type WrittenTable = (typeof MAS_WRITTEN_TABLES)[number]

/** What merging needs to know of a table besides its shape. */
interface MergeTraits {
  /** The column that holds the row's own identifier; absent: the primary key is natural. */
  readonly id?: string
  readonly primaryKey: readonly string[]
  /** Columns that say in another way what natural columns say: by the identifier of another row. */
  readonly references: Readonly<Record<string, Reference>>
  /** A row under one of these keys may belong to any account. */
  readonly globalKey?: readonly string[]
  /** Of a present row `t`: whether it has been ended (a login, an account). */
  readonly ended?: RawBuilder<unknown>
  /** Of several rows under one natural key, which one counts. */
  readonly counts: 'newest' | 'oldest'
}

export type Reference = 'user' | 'session' | 'access token' | 'name' | 'none'

export interface MergeTable extends MergeTraits {
  readonly table: WrittenTable
  /** Its number in the journal. */
  readonly number: number
  readonly shape: TableShape
}

const TRAITS: Readonly<Record<WrittenTable, MergeTraits>> = {
  users: {
    id: 'user_id',
    primaryKey: ['user_id'],
    references: { username: 'name' },
    ended: sql`t.deactivated_at IS NOT NULL`,
    counts: 'oldest',
  },
  user_passwords: {
    id: 'user_password_id',
    primaryKey: ['user_password_id'],
    references: { user_id: 'user', upgraded_from_id: 'none' },
    // MAS adds a row when a password is changed or hashed anew, and takes the newest.
    counts: 'newest',
  },
  user_emails: {
    id: 'user_email_id',
    primaryKey: ['user_email_id'],
    references: { user_id: 'user' },
    counts: 'oldest',
  },
  user_unsupported_third_party_ids: {
    primaryKey: ['user_id', 'medium', 'address'],
    references: { user_id: 'user' },
    counts: 'oldest',
  },
  upstream_oauth_links: {
    id: 'upstream_oauth_link_id',
    primaryKey: ['upstream_oauth_link_id'],
    references: { user_id: 'user' },
    globalKey: ['upstream_oauth_provider_id', 'subject'],
    counts: 'oldest',
  },
  compat_sessions: {
    id: 'compat_session_id',
    primaryKey: ['compat_session_id'],
    references: { user_id: 'user' },
    ended: sql`t.finished_at IS NOT NULL`,
    // A later login of the same device is a row of its own beside the one that we wrote.
    counts: 'oldest',
  },
  compat_access_tokens: {
    id: 'compat_access_token_id',
    primaryKey: ['compat_access_token_id'],
    references: { compat_session_id: 'session' },
    globalKey: ['access_token'],
    counts: 'oldest',
  },
  compat_refresh_tokens: {
    id: 'compat_refresh_token_id',
    primaryKey: ['compat_refresh_token_id'],
    references: { compat_session_id: 'session', compat_access_token_id: 'access token' },
    globalKey: ['refresh_token'],
    counts: 'oldest',
  },
}

/** The tables in the order of the journal: owners before what they own. */
export const mergeTables = (context: MasRowsContext): readonly MergeTable[] => {
  const shapes = masTables(context)
  return MAS_WRITTEN_TABLES.map((table, number) => {
    const shape = shapes.find((one) => one.table === table)
    if (shape === undefined) throw new RangeError(`no shape for ${table}`)
    return { ...TRAITS[table], table, number, shape }
  })
}

/** The server's type of a column of a primary key. */
export const keyType = (column: string): RawBuilder<unknown> => (column.endsWith('_id') ? sql`uuid` : sql`text`)

/** Two rows, by their aliases, that have the same primary key. */
export const samePrimaryKey = ({ primaryKey }: MergeTable, a: string, b: string): RawBuilder<unknown> =>
  sql.join(
    primaryKey.map((column) => sql`${sql.id(a, column)} = ${sql.id(b, column)}`),
    sql` AND `,
  )

/** 64 bits over all columns that we know of a row `t`: it is as it was when it was looked at. */
export const seenHash = ({ shape }: MergeTable): RawBuilder<unknown> =>
  sql`hash_record_extended(row(${sql.join(shape.columns.map(({ name }) => sql.id('t', name)))}), 0)`
