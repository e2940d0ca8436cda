import { type RawBuilder, sql } from 'kysely'
import type { SourceCatalogue } from './catalogue.ts'

/** A SQL fragment that stands for a table or a sub-select in FROM. */
export type Relation = RawBuilder<unknown>

/**
 * The tables of the source with fixed columns, whatever the version of Synapse that made the database:
 * old booleans (0 and 1) are booleans, NULL booleans have their meaning, a column or table that the
 * version does not have is there all the same, with its neutral value or no rows.
 * Times keep Synapse's units: `creation_ts` is seconds, every other one milliseconds.
 */
export interface Relations {
  readonly users: Relation
  readonly threepids: Relation
  readonly externalIds: Relation
  readonly devices: Relation
  readonly accessTokens: Relation
  readonly refreshTokens: Relation
  readonly deviceKeys: Relation
  readonly accountValidity: Relation
  readonly backgroundUpdates: Relation
  /** What people call themselves: localpart, displayname. Read only where a mapping asks for it. */
  readonly profiles: Relation
  /** Present where the others are of some accounts only. */
  readonly beyond?: BeyondScope
}

/** What the decision about some accounts looks at beyond their own rows. */
export interface BeyondScope {
  /** All rows: for what is looked up account by account over an index. */
  readonly whole: Pick<Relations, 'threepids' | 'externalIds' | 'devices' | 'accessTokens'>
  /** Those rows of whichever account that a token of these accounts leads to, or that lead to one. */
  readonly linked: Pick<Relations, 'accessTokens' | 'refreshTokens'>
  /** These accounts and those that know the same subject of an SSO provider; `mxids`: their Matrix ids, where they were listed. */
  readonly twins: Pick<Relations, 'users' | 'externalIds'> & { readonly mxids?: readonly string[] }
  /** A query of one column: the Matrix ids of these accounts. */
  readonly accounts: Relation
}

/** How one fixed column is read: its type, and what it is where the version lacks it. */
interface FixedColumn {
  readonly type: 'text' | 'bigint' | 'boolean' | 'integer'
  /** smallint flags of old, and booleans that may be NULL: NULL means this. */
  readonly flag?: { readonly whenNull: boolean }
}

const text: FixedColumn = { type: 'text' }
const bigint: FixedColumn = { type: 'bigint' }
const setOrNot: FixedColumn = { type: 'boolean', flag: { whenNull: false } }
const setUnlessSaid: FixedColumn = { type: 'boolean', flag: { whenNull: true } }

/** Every column that syn2op reads. The source of names and types: databases made by Synapse 1.33 to 1.163. */
export const FIXED_COLUMNS = {
  users: {
    name: text,
    password_hash: text,
    creation_ts: bigint,
    admin: setOrNot,
    is_guest: setOrNot,
    appservice_id: text,
    deactivated: setOrNot,
    shadow_banned: setOrNot,
    approved: setUnlessSaid,
    locked: setOrNot,
    suspended: setOrNot,
    user_type: text,
  },
  user_threepids: { user_id: text, medium: text, address: text, added_at: bigint },
  user_external_ids: { auth_provider: text, external_id: text, user_id: text },
  devices: {
    user_id: text,
    device_id: text,
    display_name: text,
    last_seen: bigint,
    ip: text,
    user_agent: text,
    hidden: setOrNot,
  },
  access_tokens: {
    id: bigint,
    user_id: text,
    device_id: text,
    token: text,
    valid_until_ms: bigint,
    puppets_user_id: text,
    last_validated: bigint,
    refresh_token_id: bigint,
    used: setOrNot,
  },
  refresh_tokens: {
    id: bigint,
    user_id: text,
    device_id: text,
    token: text,
    next_token_id: bigint,
    expiry_ts: bigint,
    ultimate_session_expiry_ts: bigint,
  },
  e2e_device_keys_json: { user_id: text, device_id: text, ts_added_ms: bigint },
  account_validity: { user_id: text, expiration_ts_ms: bigint },
  background_updates: { update_name: text },
} as const satisfies Record<string, Record<string, FixedColumn>>

export type SourceTable = keyof typeof FIXED_COLUMNS

/** Tables without which nothing can be read; any other may be missing in some version. */
export const REQUIRED_TABLES = [
  'users',
  'user_threepids',
  'user_external_ids',
  'devices',
  'access_tokens',
] as const satisfies readonly SourceTable[]

/** Columns that every supported version has, so their absence means that this is no Synapse database. */
export const REQUIRED_COLUMNS: Readonly<Partial<Record<SourceTable, readonly string[]>>> = {
  users: ['name', 'password_hash', 'creation_ts', 'admin', 'is_guest', 'appservice_id', 'deactivated'],
  user_threepids: ['user_id', 'medium', 'address', 'added_at'],
  user_external_ids: ['auth_provider', 'external_id', 'user_id'],
  devices: ['user_id', 'device_id', 'display_name', 'last_seen', 'ip', 'user_agent', 'hidden'],
  access_tokens: ['id', 'user_id', 'device_id', 'token', 'valid_until_ms', 'puppets_user_id', 'last_validated'],
}

/**
 * Builds the relations for the columns that a database really has.
 * @param catalogue what `readSourceCatalogue` found; never guessed from Synapse's schema version.
 */
export const buildRelations = (catalogue: SourceCatalogue): Relations => ({
  users: relation(catalogue, 'users'),
  threepids: relation(catalogue, 'user_threepids'),
  externalIds: relation(catalogue, 'user_external_ids'),
  devices: relation(catalogue, 'devices'),
  accessTokens: relation(catalogue, 'access_tokens'),
  refreshTokens: relation(catalogue, 'refresh_tokens'),
  deviceKeys: relation(catalogue, 'e2e_device_keys_json'),
  accountValidity: relation(catalogue, 'account_validity'),
  backgroundUpdates: relation(catalogue, 'background_updates'),
  profiles: profiles(catalogue),
})

/** Beside the fixed columns, since nobody else has to be able to read it. Its user_id is a localpart in every version. */
const profiles = ({ schema, tables }: SourceCatalogue): Relation => {
  const columns = tables.get('profiles')
  return columns?.has('user_id') === true && columns.has('displayname')
    ? sql`(SELECT user_id::text AS localpart, displayname::text AS displayname FROM ${sql.id(schema, 'profiles')})`
    : sql`(SELECT NULL::text AS localpart, NULL::text AS displayname WHERE false)`
}

const relation = (catalogue: SourceCatalogue, table: SourceTable): Relation => {
  const present = catalogue.tables.get(table)
  const columns = Object.entries<FixedColumn>(FIXED_COLUMNS[table]).map(([name, column]) => {
    const type = present?.get(name)
    return type === undefined ? absentColumn(name, column) : presentColumn(name, column, type)
  })
  if (present === undefined) return sql`(SELECT ${sql.join(columns)} WHERE false)`
  return sql`(SELECT ${sql.join(columns)} FROM ${sql.id(catalogue.schema, table)})`
}

const presentColumn = (name: string, { type, flag }: FixedColumn, present: string): RawBuilder<unknown> => {
  const column = sql.id(name)
  if (flag === undefined) return sql`${column}::${sql.raw(type)} AS ${column}`
  const isSet = present === 'boolean' ? column : sql`${column} <> 0`
  return sql`coalesce(${isSet}, ${sql.lit(flag.whenNull)}) AS ${column}`
}

const absentColumn = (name: string, { type, flag }: FixedColumn): RawBuilder<unknown> =>
  flag === undefined
    ? sql`NULL::${sql.raw(type)} AS ${sql.id(name)}`
    : sql`${sql.lit(flag.whenNull)} AS ${sql.id(name)}`
