import type { PlainAccounts, PlainRow } from '../../../../accounts/plain-accounts.ts'
import type { SourceIndex } from './source-index.ts'
import { flagOf, moment, momentOfSeconds, numberOf, textOf } from './values.ts'

/** An account that moves. */
export interface WantedAccount {
  readonly mxid: string
  /** Milliseconds since 1970. */
  readonly createdMs: number
  readonly isAdmin: boolean
  readonly isGuest: boolean
  readonly isLocked: boolean
  readonly isDeactivated: boolean
  readonly passwordHash: string | null
}

/** Those accounts that move, by the rules of the mapping. */
export const wantedAccounts = (plain: PlainAccounts, index: SourceIndex): readonly WantedAccount[] =>
  plain.tables.users.flatMap((user) => {
    const mxid = textOf(user, 'name')
    if (mxid === null || !moves(mxid, user, plain)) return []
    return [
      {
        mxid,
        createdMs: momentOfSeconds(numberOf(user, 'creation_ts')) ?? oldestMoment(mxid, index) ?? 0,
        isAdmin: flagOf(user, 'admin'),
        isGuest: flagOf(user, 'is_guest'),
        isLocked: flagOf(user, 'locked'),
        isDeactivated: flagOf(user, 'deactivated'),
        passwordHash: textOf(user, 'password_hash') || null,
      },
    ]
  })

const moves = (mxid: string, user: PlainRow, { ghosts, rules, tables }: PlainAccounts): boolean => {
  const suffix = `:${rules.serverName}`
  const isPerson =
    mxid.startsWith('@') &&
    mxid.indexOf(':') >= 2 &&
    textOf(user, 'appservice_id') === null &&
    mxid.endsWith(suffix) &&
    mxid.indexOf(':') === mxid.length - suffix.length &&
    !ghosts.includes(mxid)
  if (!isPerson) return false
  const { accounts, providers } = rules
  const known = providers.filter(({ target }) => target !== 'leave').map(({ authProvider }) => authProvider)
  const hasLogin =
    (textOf(user, 'password_hash') ?? '') !== '' ||
    tables.user_external_ids.some(
      (row) => textOf(row, 'user_id') === mxid && known.includes(textOf(row, 'auth_provider') ?? ''),
    )
  return !(
    (accounts.guests === 'hold_back' && flagOf(user, 'is_guest')) ||
    (accounts.deactivated === 'hold_back' && flagOf(user, 'deactivated')) ||
    (accounts.locked === 'hold_back' && flagOf(user, 'locked')) ||
    (accounts.withoutLogin === 'hold_back' && !hasLogin) ||
    (accounts.bots === 'hold_back' && isBot(mxid, user, rules.bots))
  )
}

const isBot = (mxid: string, user: PlainRow, bots: readonly string[] = []): boolean =>
  ['bot', 'support'].includes(textOf(user, 'user_type') ?? '') || bots.includes(mxid)

/** For an account without a creation time: the oldest time that anything of it has. */
const oldestMoment = (mxid: string, index: SourceIndex): number | null => {
  const times = [
    ...index.of('user_threepids', mxid).map((row) => numberOf(row, 'added_at')),
    ...index.of('devices', mxid).map((row) => numberOf(row, 'last_seen')),
    ...index.of('access_tokens', mxid).map((row) => numberOf(row, 'last_validated')),
    ...index.of('e2e_device_keys_json', mxid).map((row) => numberOf(row, 'ts_added_ms')),
  ].filter((time) => time !== null)
  return times.length === 0 ? null : moment(Math.min(...times))
}
