import type { ReasonCode } from '../../../src/accounts/reasons.ts'
import type { SourceRow } from '../expected-rows/source-record.ts'
import { type OracleRules, providerFates } from './rules.ts'
import { type IndexedSource, isSet, joined, milliseconds, seconds, text } from './source.ts'

export interface OracleAccount {
  readonly mxid: string | null
  readonly localpart: string
  readonly password: string | null
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly isAdmin: boolean
  readonly isGuest: boolean
  readonly isDeactivated: boolean
  readonly isLocked: boolean
  /** Why it is held back. */
  readonly reason: ReasonCode | null
}

const earliest = (times: readonly (number | null)[]): number | null => {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : known.reduce((a, b) => Math.min(a, b))
}

/** Synapse keeps a creation time in seconds; without one, the oldest time of anything the account has. */
const creation = (user: SourceRow, { byUser }: IndexedSource): number => {
  const owner = joined(text(user, 'name'))
  const times = (table: keyof typeof byUser, column: string): readonly (number | null)[] =>
    user['name'] === null ? [] : (byUser[table].get(owner) ?? []).map((row) => milliseconds(row, column))
  return (
    seconds(user, 'creation_ts') ??
    earliest([
      ...times('user_threepids', 'added_at'),
      ...times('devices', 'last_seen'),
      ...times('access_tokens', 'last_validated'),
      ...times('e2e_device_keys_json', 'ts_added_ms'),
    ]) ??
    0
  )
}

const nameReason = (name: string, user: SourceRow, suffix: string): ReasonCode | undefined => {
  if (!name.startsWith('@') || name.indexOf(':') < 2) return 'malformed_mxid'
  if (user['appservice_id'] !== null) return 'appservice_user'
  if (!name.endsWith(suffix)) return 'foreign_server_name'
  if (name.indexOf(':') < name.length - suffix.length) return 'localpart_with_colon'
  return undefined
}

const hasLogin = (user: SourceRow, source: IndexedSource, rules: OracleRules): boolean => {
  if ((text(user, 'password_hash') ?? '') !== '') return true
  const fates = providerFates(rules)
  const identities = source.byUser.user_external_ids.get(joined(text(user, 'name'))) ?? []
  return identities.some((row) => fates.get(String(row['auth_provider']))?.to === 'provider')
}

const reasonOf = (user: SourceRow, source: IndexedSource, rules: OracleRules): ReasonCode | null => {
  const name = text(user, 'name')
  if (name === null) return 'malformed_mxid'
  const byName = nameReason(name, user, `:${rules.serverName}`)
  if (byName) return byName
  const { accounts, ghosts } = rules.mapping
  if (ghosts.some((pattern) => new RegExp(pattern, 'u').test(name))) return 'ghost_namespace'
  if (accounts.guests === 'hold_back' && isSet(user, 'is_guest')) return 'guest'
  if (accounts.deactivated === 'hold_back' && isSet(user, 'deactivated')) return 'deactivated'
  if (accounts.locked === 'hold_back' && isSet(user, 'locked')) return 'locked'
  if (accounts.withoutLogin === 'hold_back' && !hasLogin(user, source, rules)) return 'no_login'
  if (accounts.bots === 'hold_back' && ['bot', 'support'].includes(text(user, 'user_type') ?? '')) return 'bot'
  return null
}

/** Every account with its decision, as the reference of reason codes says it, not as the program computes it. */
export const decideAccounts = (source: IndexedSource, rules: OracleRules): readonly OracleAccount[] =>
  source.tables.users.map((user) => {
    const mxid = text(user, 'name')
    const password = text(user, 'password_hash')
    return {
      mxid,
      localpart: (mxid ?? '').slice(1, -(rules.serverName.length + 1)),
      password: password === '' ? null : password,
      createdAt: creation(user, source),
      isAdmin: isSet(user, 'admin'),
      isGuest: isSet(user, 'is_guest'),
      isDeactivated: isSet(user, 'deactivated'),
      isLocked: isSet(user, 'locked'),
      reason: reasonOf(user, source, rules),
    }
  })
