import type { Cell } from '../expected-rows/cells.ts'
import type { SourceRow } from '../expected-rows/source-record.ts'
import type { MasTable } from '../expected-rows/story-schema.ts'
import { type MasRow, type MasRows, masRow } from '../expected-rows/wanted-rows.ts'
import type { OracleAccount } from './accounts.ts'
import { printedAddress } from './address.ts'
import type { DecidedSource } from './decide.ts'
import type { Decided } from './identities.ts'
import { milliseconds, text } from './source.ts'
import type { DecidedToken } from './tokens.ts'

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())

/** A row of MAS whose identifier begins with the time at which the thing was created. */
const row = (table: MasTable, createdAt: number, columns: Readonly<Record<string, Cell>>): MasRow =>
  masRow(
    table,
    { ...columns, created_at: iso(createdAt) },
    table === 'user_unsupported_third_party_ids' ? null : createdAt,
  )

/** The rows that are carried, each with its account, which is there then. */
const carried = <Row extends Decided>(rows: readonly Row[]): readonly (Row & { readonly account: OracleAccount })[] =>
  rows.flatMap((one) => (one.reason === null && one.account ? [{ ...one, account: one.account }] : []))

const userRow = (account: OracleAccount): MasRow =>
  row('users', account.createdAt, {
    username: account.localpart,
    locked_at: account.isLocked ? iso(account.createdAt) : null,
    deactivated_at: account.isDeactivated ? iso(account.createdAt) : null,
    can_request_admin: account.isAdmin,
    is_guest: account.isGuest,
  })

const passwordRow = ({ localpart, password, createdAt }: OracleAccount): MasRow =>
  row('user_passwords', createdAt, {
    username: localpart,
    hashed_password: password,
    version: 1,
    upgraded_from_id: null,
  })

const addedAt = (source: SourceRow): number => milliseconds(source, 'added_at') ?? 0

const emailRow = ({ row: source, account }: Decided & { readonly account: OracleAccount }): MasRow =>
  row('user_emails', addedAt(source), { username: account.localpart, email: text(source, 'address') })

const threepidRow = ({ row: source, account }: Decided & { readonly account: OracleAccount }): MasRow =>
  row('user_unsupported_third_party_ids', addedAt(source), {
    username: account.localpart,
    medium: text(source, 'medium'),
    address: text(source, 'address'),
  })

const NO_DEVICE = {
  device_id: null,
  last_active_at: null,
  last_active_ip: null,
  user_agent: null,
  human_name: null,
}

const session = (account: OracleAccount, startedAt: number, columns: Readonly<Record<string, Cell>>): MasRow =>
  row('compat_sessions', startedAt, {
    username: account.localpart,
    finished_at: null,
    user_session_id: null,
    is_synapse_admin: account.isAdmin,
    deviceless_token: null,
    ...columns,
  })

const isOfNoDevice = ({ row: source }: DecidedToken): boolean => source['device_id'] === null

/** The rows that MAS must hold of a decided source, and no others. */
export const wantedOf = (decided: DecidedSource): MasRows => {
  const migrating = decided.accounts.filter(({ reason }) => reason === null)
  const threepids = carried(decided.threepids)
  const accessTokens = carried(decided.accessTokens)
  return {
    users: migrating.map(userRow),
    user_passwords: migrating.filter(({ password }) => password !== null).map(passwordRow),
    user_emails: threepids.filter((one) => one.row['medium'] === 'email').map(emailRow),
    user_unsupported_third_party_ids: threepids.filter((one) => one.row['medium'] !== 'email').map(threepidRow),
    upstream_oauth_links: carried(decided.identities).map((one) =>
      row('upstream_oauth_links', one.account.createdAt, {
        username: one.account.localpart,
        provider: one.provider ?? null,
        subject: text(one.row, 'external_id'),
        human_account_name: null,
      }),
    ),
    compat_sessions: [
      ...carried(decided.sessions).map((one) =>
        session(one.account, one.startedAt, {
          device_id: text(one.row, 'device_id'),
          last_active_at: iso(milliseconds(one.row, 'last_seen')),
          last_active_ip: printedAddress(text(one.row, 'ip')),
          user_agent: text(one.row, 'user_agent'),
          human_name: text(one.row, 'display_name'),
        }),
      ),
      ...accessTokens
        .filter(isOfNoDevice)
        .map((one) =>
          session(one.account, one.sessionStartedAt, { ...NO_DEVICE, deviceless_token: text(one.row, 'token') }),
        ),
    ],
    compat_access_tokens: accessTokens.map((one) =>
      row('compat_access_tokens', one.createdAt, {
        username: one.account.localpart,
        device_id: text(one.row, 'device_id'),
        access_token: text(one.row, 'token'),
        expires_at: iso(milliseconds(one.row, 'valid_until_ms')),
      }),
    ),
    compat_refresh_tokens: carried(decided.refreshTokens).map((one) =>
      row('compat_refresh_tokens', one.createdAt, {
        username: one.account.localpart,
        device_id: text(one.row, 'device_id'),
        refresh_token: text(one.row, 'token'),
        access_token: one.accessToken ?? null,
        consumed_at: null,
      }),
    ),
  }
}
