import type { PlainAccounts, PlainRow } from '../../../../accounts/plain-accounts.ts'
import { flagOf, textOf } from './values.ts'

/** Synapse's rows of some accounts, found by what their rules ask for. */
export interface SourceIndex {
  of(table: keyof PlainAccounts['tables'], mxid: string): readonly PlainRow[]
  device(mxid: string, deviceId: string | null): PlainRow | undefined
  /** Tokens of a device that are its own: not those by which an administrator acts for somebody else. */
  ownTokens(mxid: string, deviceId: string): readonly PlainRow[]
  refreshToken(id: string | null): PlainRow | undefined
  /** Access tokens that point at a refresh token. */
  pairsOf(refreshTokenId: string | null): readonly PlainRow[]
}

export const indexSource = ({ tables }: Pick<PlainAccounts, 'tables'>): SourceIndex => {
  const owned = new Map<string, PlainRow[]>()
  const add = (key: string, row: PlainRow): void => {
    const before = owned.get(key)
    if (before === undefined) owned.set(key, [row])
    else before.push(row)
  }
  for (const [table, rows] of Object.entries(tables)) {
    for (const row of rows) add(key(table, textOf(row, table === 'users' ? 'name' : 'user_id')), row)
  }
  for (const row of tables.devices) add(key('device', textOf(row, 'user_id'), textOf(row, 'device_id')), row)
  for (const row of tables.refresh_tokens) add(key('refresh', textOf(row, 'id')), row)
  for (const row of tables.access_tokens) {
    if (textOf(row, 'puppets_user_id') === null) {
      add(key('own', textOf(row, 'user_id'), textOf(row, 'device_id')), row)
    }
    add(key('pair', textOf(row, 'refresh_token_id')), row)
  }
  const find = (...parts: readonly (string | null)[]): readonly PlainRow[] => owned.get(key(...parts)) ?? []
  return {
    of: (table, mxid) => find(table, mxid),
    device: (mxid, deviceId) => (deviceId === null ? undefined : find('device', mxid, deviceId)[0]),
    ownTokens: (mxid, deviceId) => find('own', mxid, deviceId),
    refreshToken: (id) => (id === null ? undefined : find('refresh', id)[0]),
    pairsOf: (id) => (id === null ? [] : find('pair', id)),
  }
}

const key = (...parts: readonly (string | null)[]): string => JSON.stringify(parts)

/** Whether a refresh token's successor has been used, by its access token or by a refresh: Synapse then voids it. */
export const isSuperseded = (index: SourceIndex, refreshToken: PlainRow): boolean => {
  const next = textOf(refreshToken, 'next_token_id')
  if (next === null) return false
  const successor = index.refreshToken(next)
  return (
    index.pairsOf(next).some((token) => flagOf(token, 'used')) ||
    (successor !== undefined && textOf(successor, 'next_token_id') !== null)
  )
}
