import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../postgres/statement.ts'
import type { AccessToken, Account, Identity, RefreshToken, Session, Threepid } from './account.ts'
import type { LeftRelations } from './decisions/rules.ts'

type AccountRow = Omit<Account, 'threepids' | 'identities' | 'sessions' | 'accessTokens' | 'refreshTokens'>

/**
 * The accounts that migrate with all that is carried of them, as objects, in the order of their Matrix ids.
 * @param decisions the named queries of `decisions`, over the accounts of a batch only.
 * @param leaves relations that are not read, since no row of them is carried.
 */
export const readAccounts = async (
  client: Client,
  decisions: RawBuilder<unknown>,
  leaves: LeftRelations = {},
): Promise<readonly Account[]> => {
  const read = async <Row>(select: RawBuilder<unknown>): Promise<readonly Row[]> =>
    (await run<{ row: Row }>(client, carried(decisions, select))).map(({ row }) => row)
  const parts = async <Part>(
    relation: keyof LeftRelations,
    select: RawBuilder<unknown>,
  ): Promise<readonly Owned<Part>[]> => (leaves[relation] === undefined ? read<Owned<Part>>(select) : [])
  const accounts = await read<AccountRow>(leaves.password === undefined ? ACCOUNTS : ACCOUNTS_WITHOUT_PASSWORDS)
  const threepids = byOwner(await parts<Threepid>('threepid', THREEPIDS))
  const identities = byOwner(await parts<Identity>('external_id', IDENTITIES))
  const sessions = byOwner(await parts<Session>('session', SESSIONS))
  const accessTokens = byOwner(await parts<AccessToken>('access_token', ACCESS_TOKENS))
  const refreshTokens = byOwner(await parts<RefreshToken>('refresh_token', REFRESH_TOKENS))
  return accounts.map((account) => ({
    ...account,
    threepids: threepids(account.mxid),
    identities: identities(account.mxid),
    sessions: sessions(account.mxid),
    accessTokens: accessTokens(account.mxid),
    refreshTokens: refreshTokens(account.mxid),
  }))
}

type Owned<Part> = readonly [mxid: string, part: Part]

const byOwner = <Part>(rows: readonly Owned<Part>[]): ((mxid: string) => readonly Part[]) => {
  const owners = new Map<string, Part[]>()
  for (const [mxid, part] of rows) {
    const parts = owners.get(mxid)
    if (parts === undefined) owners.set(mxid, [part])
    else parts.push(part)
  }
  return (mxid) => owners.get(mxid) ?? []
}

/** Rows as JSON without what is NULL: a field that is absent and a column that is NULL are the same. */
const carried = (decisions: RawBuilder<unknown>, select: RawBuilder<unknown>): RawBuilder<{ row: never }> =>
  sql`WITH ${decisions} ${select}`

const accountsWith = (passwordHash: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  SELECT json_strip_nulls(json_build_object(
    'mxid', mxid, 'localpart', localpart, 'createdAt', owner_ms, 'isAdmin', is_admin, 'isGuest', is_guest,
    'isLocked', is_locked, 'isDeactivated', is_deactivated, 'passwordHash', ${passwordHash}
  )) AS row
  FROM account WHERE reason IS NULL ORDER BY mxid COLLATE "C"`

const ACCOUNTS = accountsWith(sql`password_hash`)

const ACCOUNTS_WITHOUT_PASSWORDS = accountsWith(sql`NULL::text`)

const THREEPIDS = sql`
  SELECT json_build_array(mxid, json_build_object('medium', medium, 'address', address, 'addedAt', added_ms)) AS row
  FROM threepid WHERE reason IS NULL ORDER BY mxid COLLATE "C", medium COLLATE "C", address COLLATE "C"`

const IDENTITIES = sql`
  SELECT json_build_array(mxid, json_build_object(
    'authProvider', auth_provider, 'providerId', provider_id, 'subject', subject
  )) AS row
  FROM external_id WHERE reason IS NULL ORDER BY mxid COLLATE "C", auth_provider COLLATE "C", subject COLLATE "C"`

const SESSIONS = sql`
  SELECT json_build_array(mxid, json_strip_nulls(json_build_object(
    'deviceId', device_id, 'displayName', display_name, 'createdAt', created_ms, 'lastSeenAt', last_seen_ms,
    'ip', ip, 'userAgent', user_agent
  ))) AS row
  FROM session WHERE reason IS NULL ORDER BY mxid COLLATE "C", device_id COLLATE "C"`

const ACCESS_TOKENS = sql`
  SELECT json_build_array(mxid, json_strip_nulls(json_build_object(
    'token', token, 'deviceId', device_id, 'createdAt', created_ms, 'expiresAt', expires_ms
  ))) AS row
  FROM access_token WHERE reason IS NULL ORDER BY mxid COLLATE "C", token COLLATE "C"`

const REFRESH_TOKENS = sql`
  SELECT json_build_array(mxid, json_build_object(
    'token', token, 'accessToken', access_token, 'deviceId', device_id, 'createdAt', created_ms
  )) AS row
  FROM refresh_token WHERE reason IS NULL ORDER BY mxid COLLATE "C", token COLLATE "C"`
