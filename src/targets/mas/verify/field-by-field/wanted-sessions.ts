import type { PlainRow } from '../../../../accounts/plain-accounts.ts'
import { type FieldRow, keyOf, nameOf } from './field-row.ts'
import { isSuperseded, type SourceIndex } from './source-index.ts'
import { addressOf, flagOf, isoOf, moment, numberOf, textOf } from './values.ts'
import type { WantedAccount } from './wanted-accounts.ts'

/** The rows of `compat_sessions` and of both tables of tokens of an account. */
export const wantedSessions = (account: WantedAccount, index: SourceIndex, asOf: number): readonly FieldRow[] => {
  if (account.isGuest || account.isDeactivated) return []
  const { mxid } = account
  return [
    ...index
      .of('devices', mxid)
      .filter((device) => !flagOf(device, 'hidden'))
      .map((device) => sessionOf(account, device, index)),
    ...index.of('access_tokens', mxid).flatMap((token) => wantedToken(account, token, index, asOf)),
    ...index.of('refresh_tokens', mxid).flatMap((token) => wantedRefreshToken(account, token, index, asOf)),
  ]
}

/** When a device came to be, as far as Synapse can tell. */
const createdMs = (account: WantedAccount, device: PlainRow, index: SourceIndex): number => {
  const deviceId = textOf(device, 'device_id') ?? ''
  const validated = index
    .ownTokens(account.mxid, deviceId)
    .map((token) => numberOf(token, 'last_validated'))
    .filter((time) => time !== null)
  if (validated.length > 0) return moment(Math.min(...validated)) ?? 0
  const keys = index.of('e2e_device_keys_json', account.mxid).find((row) => textOf(row, 'device_id') === deviceId)
  return (
    moment(keys === undefined ? null : numberOf(keys, 'ts_added_ms')) ??
    moment(numberOf(device, 'last_seen')) ??
    account.createdMs
  )
}

const sessionOf = (account: WantedAccount, device: PlainRow, index: SourceIndex): FieldRow => ({
  table: 'compat_sessions',
  key: keyOf(account.mxid, textOf(device, 'device_id'), null),
  name: nameOf(account.mxid, textOf(device, 'device_id')),
  fields: {
    created_at: isoOf(createdMs(account, device, index)),
    finished_at: null,
    is_synapse_admin: account.isAdmin,
    last_active_at: isoOf(moment(numberOf(device, 'last_seen'))),
    last_active_ip: addressOf(textOf(device, 'ip')),
    user_session_id: null,
    user_agent: textOf(device, 'user_agent'),
    human_name: textOf(device, 'display_name'),
  },
})

const wantedToken = (account: WantedAccount, row: PlainRow, index: SourceIndex, asOf: number): readonly FieldRow[] => {
  const { mxid } = account
  const [token, deviceId] = [textOf(row, 'token') ?? '', textOf(row, 'device_id')]
  const device = index.device(mxid, deviceId)
  const pair = index.refreshToken(textOf(row, 'refresh_token_id'))
  if (textOf(row, 'puppets_user_id') !== null || !isAcceptedToken(token)) return []
  if (deviceId !== null && (device === undefined || flagOf(device, 'hidden'))) return []
  if (pair !== undefined) {
    if (textOf(pair, 'user_id') !== mxid || textOf(pair, 'device_id') !== deviceId) return []
    if (isSuperseded(index, pair) || isExpired(pair, asOf)) return []
  }
  const validated = moment(numberOf(row, 'last_validated'))
  const sessionMs = device === undefined ? (validated ?? account.createdMs) : createdMs(account, device, index)
  const accessToken: FieldRow = {
    table: 'compat_access_tokens',
    key: keyOf(token),
    name: nameOf(mxid, deviceId, 'an access token'),
    fields: {
      mxid,
      device_id: deviceId,
      created_at: isoOf(validated ?? sessionMs),
      expires_at: isoOf(moment(numberOf(row, 'valid_until_ms'))),
    },
  }
  if (device !== undefined) return [accessToken]
  const session: FieldRow = {
    table: 'compat_sessions',
    key: keyOf(mxid, null, token),
    name: nameOf(mxid, 'a session of no device'),
    fields: {
      created_at: isoOf(sessionMs),
      finished_at: null,
      is_synapse_admin: account.isAdmin,
      last_active_at: null,
      last_active_ip: null,
      user_session_id: null,
      user_agent: null,
      human_name: null,
    },
  }
  return [session, accessToken]
}

const wantedRefreshToken = (
  account: WantedAccount,
  row: PlainRow,
  index: SourceIndex,
  asOf: number,
): readonly FieldRow[] => {
  const { mxid } = account
  const [token, deviceId] = [textOf(row, 'token') ?? '', textOf(row, 'device_id')]
  const device = index.device(mxid, deviceId)
  const pair = newestPair(row, index)
  const pairToken = pair === undefined ? '' : (textOf(pair, 'token') ?? '')
  if (device === undefined || flagOf(device, 'hidden') || pair === undefined) return []
  if (!token.startsWith('syr_') || !isAcceptedToken(pairToken)) return []
  if (isSuperseded(index, row) || isExpired(row, asOf)) return []
  return [
    {
      table: 'compat_refresh_tokens',
      key: keyOf(token),
      name: nameOf(mxid, deviceId, 'a refresh token'),
      fields: {
        access_token: pairToken,
        mxid,
        device_id: deviceId,
        created_at: isoOf(moment(numberOf(pair, 'last_validated')) ?? createdMs(account, device, index)),
        consumed_at: null,
      },
    },
  ]
}

/** Of several access tokens that point at one refresh token: the newest of the same account and device. */
const newestPair = (row: PlainRow, index: SourceIndex): PlainRow | undefined =>
  index
    .pairsOf(textOf(row, 'id'))
    .filter(
      (token) =>
        textOf(token, 'user_id') === textOf(row, 'user_id') &&
        textOf(token, 'device_id') === textOf(row, 'device_id') &&
        textOf(token, 'puppets_user_id') === null,
    )
    .toSorted((a, b) => (numberOf(b, 'id') ?? 0) - (numberOf(a, 'id') ?? 0))[0]

const isExpired = (refreshToken: PlainRow, asOf: number): boolean =>
  ['expiry_ts', 'ultimate_session_expiry_ts'].some((column) => {
    const time = numberOf(refreshToken, column)
    return time !== null && time <= asOf
  })

/** `syt_…`, or a macaroon: base64url without padding whose bytes 4 to 12 read `location `. */
const isAcceptedToken = (token: string): boolean =>
  token.startsWith('syt_') ||
  (/^[\w-]{20,}$/u.test(token) &&
    token.length % 4 !== 1 &&
    Buffer.from(token.slice(0, 20), 'base64url').subarray(4, 13).toString('latin1') === 'location ')
