import { createHash } from 'node:crypto'
import type { Account } from '../../accounts/account.ts'
import type { Relation } from '../../accounts/relations.ts'

/** One row under its natural key. */
export interface MemoryRow {
  readonly relation: Relation
  /** Natural key: of its relation, no two rows have the same. */
  readonly key: string
  readonly mxid: string
  /** All that is compared of it. */
  readonly value: Readonly<Record<string, unknown>>
}

/** What finds a row again. */
export const rowId = ({ relation, key }: Pick<MemoryRow, 'relation' | 'key'>): string => `${relation} ${key}`

/** Equal for equal rows; tells nothing of their secrets. */
export const digestOf = ({ mxid, value }: MemoryRow): string =>
  createHash('sha256')
    .update(JSON.stringify([mxid, Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))]))
    .digest('base64')

const row = (relation: Relation, mxid: string, key: readonly string[], value: object): MemoryRow => ({
  relation,
  mxid,
  key: JSON.stringify(key),
  value: { ...value },
})

/** Everything of an account, owners before what they own. */
export const rowsOf = (account: Account): readonly MemoryRow[] => {
  const { mxid, localpart, createdAt, isAdmin, isGuest, isLocked, isDeactivated } = account
  const { username, primaryEmail, attributes } = account
  return [
    row('account', mxid, [mxid], {
      localpart,
      createdAt,
      isAdmin,
      isGuest,
      isLocked,
      isDeactivated,
      ...(username === undefined ? {} : { username }),
      ...(primaryEmail === undefined ? {} : { primaryEmail }),
      ...(attributes === undefined ? {} : { attributes }),
    }),
    ...(account.passwordHash === undefined ? [] : [row('password', mxid, [mxid], { hash: account.passwordHash })]),
    ...account.threepids.map((one) => row('threepid', mxid, [mxid, one.medium, one.address], one)),
    ...account.identities.map((one) => row('external_id', mxid, [one.providerId, one.subject], one)),
    ...account.sessions.map((one) => row('session', mxid, [mxid, one.deviceId], one)),
    ...account.accessTokens.map((one) => row('access_token', mxid, [one.token], one)),
    ...account.refreshTokens.map((one) => row('refresh_token', mxid, [one.token], one)),
  ]
}
