import type { Client } from 'pg'
import type { Account } from '../../../src/testing.ts'

type Row = Readonly<Record<string, string | number | boolean | null>>

const TABLES = ['users', 'user_threepids', 'user_external_ids', 'devices', 'refresh_tokens', 'access_tokens'] as const
type Table = (typeof TABLES)[number]

/** Puts accounts, and nobody else, into Synapse's tables, so that what is carried of them is what they are. */
export const fillSynapse = async (client: Client, accounts: readonly Account[]): Promise<void> => {
  await client.query(`TRUNCATE ${TABLES.join(', ')}`)
  for (const [table, rows] of Object.entries(rowsOf(accounts))) {
    await client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [
      JSON.stringify(rows),
    ])
  }
}

const rowsOf = (accounts: readonly Account[]): Readonly<Record<Table, readonly Row[]>> => {
  const refreshIds = new Map(
    accounts
      .flatMap(({ refreshTokens }) => refreshTokens)
      .map(({ token, accessToken }, id) => [accessToken, { id, token }]),
  )
  let tokenId = 0
  return {
    users: accounts.map((one) => ({
      name: one.mxid,
      password_hash: one.passwordHash ?? null,
      creation_ts: one.createdAt / 1000,
      admin: one.isAdmin ? 1 : 0,
      is_guest: one.isGuest ? 1 : 0,
      deactivated: one.isDeactivated ? 1 : 0,
      locked: one.isLocked,
      suspended: false,
    })),
    user_threepids: accounts.flatMap(({ mxid, threepids }) =>
      threepids.map(({ medium, address, addedAt }) => ({
        user_id: mxid,
        medium,
        address,
        validated_at: addedAt,
        added_at: addedAt,
      })),
    ),
    user_external_ids: accounts.flatMap(({ mxid, identities }) =>
      identities.map(({ authProvider, subject }) => ({
        auth_provider: authProvider,
        external_id: subject,
        user_id: mxid,
      })),
    ),
    devices: accounts.flatMap(({ mxid, sessions }) =>
      sessions.map((one) => ({
        user_id: mxid,
        device_id: one.deviceId,
        display_name: one.displayName ?? null,
        last_seen: one.lastSeenAt ?? null,
        ip: one.ip ?? null,
        user_agent: one.userAgent ?? null,
        hidden: false,
      })),
    ),
    refresh_tokens: accounts.flatMap(({ mxid, refreshTokens }) =>
      refreshTokens.map((one) => ({
        id: refreshIds.get(one.accessToken)?.id ?? 0,
        user_id: mxid,
        device_id: one.deviceId,
        token: one.token,
      })),
    ),
    access_tokens: accounts.flatMap(({ mxid, accessTokens }) =>
      accessTokens.map((one) => ({
        id: ++tokenId,
        user_id: mxid,
        device_id: one.deviceId ?? null,
        token: one.token,
        valid_until_ms: one.expiresAt ?? null,
        last_validated: one.createdAt,
        refresh_token_id: refreshIds.get(one.token)?.id ?? null,
      })),
    ),
  }
}
