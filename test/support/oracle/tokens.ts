import type { ReasonCode } from '../../../src/accounts/reasons.ts'
import type { SourceRow } from '../expected-rows/source-record.ts'
import type { OracleAccount } from './accounts.ts'
import { type Accounts, type Decided, ownerReason } from './identities.ts'
import { deviceKey, type IndexedSource, isSet, joined, milliseconds, text } from './source.ts'

const livePersonReason = ({ isGuest, isDeactivated }: OracleAccount): ReasonCode | null =>
  isGuest ? 'account_guest' : isDeactivated ? 'account_deactivated' : null

/** What Synapse knows of a device's beginning: its oldest own token, its keys, its last use, its account. */
const sessionStart = (device: SourceRow, account: OracleAccount, source: IndexedSource): number => {
  const tokens = source.ownTokensOfDevice.get(deviceKey(device)) ?? []
  const validations = tokens.flatMap((row) => milliseconds(row, 'last_validated') ?? [])
  const keys = source.deviceKeys.get(deviceKey(device))
  return (
    (validations.length > 0 ? validations.reduce((a, b) => Math.min(a, b)) : null) ??
    (keys ? milliseconds(keys, 'ts_added_ms') : null) ??
    milliseconds(device, 'last_seen') ??
    account.createdAt
  )
}

export interface DecidedSession extends Decided {
  /** When it began; 0 where it is left. */
  readonly startedAt: number
}

export const decideSessions = (source: IndexedSource, accounts: Accounts): readonly DecidedSession[] =>
  source.tables.devices.map((row) => {
    const account = accounts.get(String(row['user_id']))
    const reason =
      ownerReason(account) ?? (isSet(row, 'hidden') ? 'hidden_device' : account ? livePersonReason(account) : null)
    return { row, account, reason, startedAt: account ? sessionStart(row, account, source) : 0 }
  })

/** MAS takes `syt_…`, and macaroons: base64url whose bytes from the fifth on read `location `. */
const isAccepted = (token: string): boolean =>
  token.startsWith('syt_') ||
  (/^[\w-]{20,}$/.test(token) &&
    token.length % 4 !== 1 &&
    Buffer.from(token.slice(0, 20), 'base64url').subarray(4, 13).toString('latin1') === 'location ')

/** A refresh token has been left behind when its successor was used, or refreshed in its turn. */
const isSuperseded = (refresh: SourceRow, source: IndexedSource): boolean => {
  if (refresh['next_token_id'] === null) return false
  const next = joined(text(refresh, 'next_token_id'))
  const used = (source.accessOfRefresh.get(next) ?? []).some((row) => isSet(row, 'used'))
  return used || (source.refreshTokens.get(next)?.['next_token_id'] ?? null) !== null
}

const isExpired = (refresh: SourceRow, asOf: number): boolean =>
  ['expiry_ts', 'ultimate_session_expiry_ts'].some((column) => {
    const value = text(refresh, column)
    return value !== null && BigInt(value) <= BigInt(asOf)
  })

const deviceReason = (row: SourceRow, source: IndexedSource): ReasonCode | null => {
  const device = source.devices.get(deviceKey(row))
  if (device === undefined) return 'device_gone'
  return isSet(device, 'hidden') ? 'device_hidden' : null
}

const isOfOther = (row: SourceRow, other: SourceRow): boolean =>
  row['user_id'] !== other['user_id'] || row['device_id'] !== other['device_id']

const accessReason = (
  row: SourceRow,
  account: OracleAccount,
  source: IndexedSource,
  asOf: number,
): ReasonCode | null => {
  if (row['puppets_user_id'] !== null) return 'puppet_token'
  const byPerson = livePersonReason(account)
  if (byPerson) return byPerson
  const byDevice = row['device_id'] === null ? null : deviceReason(row, source)
  if (byDevice) return byDevice
  const refresh =
    row['refresh_token_id'] === null ? undefined : source.refreshTokens.get(joined(text(row, 'refresh_token_id')))
  if (refresh && isOfOther(row, refresh)) return 'refresh_token_mismatch'
  if (refresh && isSuperseded(refresh, source)) return 'superseded'
  if (refresh && isExpired(refresh, asOf)) return 'refresh_token_expired'
  return isAccepted(String(row['token'])) ? null : 'token_not_accepted'
}

export interface DecidedToken extends Decided {
  readonly createdAt: number
  /** When its session began. */
  readonly sessionStartedAt: number
}

const sessionStartOfToken = (row: SourceRow, account: OracleAccount, source: IndexedSource): number => {
  const device = row['device_id'] === null ? undefined : source.devices.get(deviceKey(row))
  return device ? sessionStart(device, account, source) : (milliseconds(row, 'last_validated') ?? account.createdAt)
}

export const decideAccessTokens = (source: IndexedSource, accounts: Accounts, asOf: number): readonly DecidedToken[] =>
  source.tables.access_tokens.map((row) => {
    const account = accounts.get(String(row['user_id']))
    const sessionStartedAt = account ? sessionStartOfToken(row, account, source) : 0
    return {
      row,
      account,
      reason: ownerReason(account) ?? (account ? accessReason(row, account, source, asOf) : null),
      sessionStartedAt,
      createdAt: milliseconds(row, 'last_validated') ?? sessionStartedAt,
    }
  })

export interface DecidedRefreshToken extends DecidedToken {
  /** The access token of its pair. */
  readonly accessToken: string | undefined
}

/** The newest own access token of the same device that points at a refresh token. */
const pairOf = (row: SourceRow, candidates: readonly SourceRow[]): SourceRow | undefined =>
  candidates
    .filter((access) => !isOfOther(access, row) && access['puppets_user_id'] === null)
    .toSorted((a, b) => Number(a['id']) - Number(b['id']))
    .at(-1)

const refreshReason = (
  row: SourceRow,
  account: OracleAccount,
  source: IndexedSource,
  asOf: number,
): ReasonCode | null => {
  const before = livePersonReason(account) ?? deviceReason(row, source)
  if (before) return before
  const candidates = source.accessOfRefresh.get(joined(text(row, 'id'))) ?? []
  if (candidates.length === 0) return 'no_access_token'
  const pair = pairOf(row, candidates)
  if (pair === undefined) return 'refresh_token_mismatch'
  if (isSuperseded(row, source)) return 'superseded'
  if (isExpired(row, asOf)) return 'refresh_token_expired'
  if (!String(row['token']).startsWith('syr_')) return 'token_not_accepted'
  return isAccepted(String(pair['token'])) ? null : 'no_access_token'
}

export const decideRefreshTokens = (
  source: IndexedSource,
  accounts: Accounts,
  asOf: number,
): readonly DecidedRefreshToken[] =>
  source.tables.refresh_tokens.map((row) => {
    const account = accounts.get(String(row['user_id']))
    const pair = pairOf(row, source.accessOfRefresh.get(joined(text(row, 'id'))) ?? [])
    const sessionStartedAt = account ? sessionStartOfToken(row, account, source) : 0
    return {
      row,
      account,
      reason: ownerReason(account) ?? (account ? refreshReason(row, account, source, asOf) : null),
      accessToken: pair && String(pair['token']),
      sessionStartedAt,
      createdAt: (pair && milliseconds(pair, 'last_validated')) ?? sessionStartedAt,
    }
  })
