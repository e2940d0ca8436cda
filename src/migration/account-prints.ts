import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { sharedProviders } from '../accounts/decisions/external-id.ts'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { ownerHash } from '../difference/owner.ts'
import { FIXED_COLUMNS, type Relation, type Relations, type SourceTable } from '../synapse/relations.ts'
import type { AccountPrints } from '../targets/sql-road.ts'

export interface PrintsOptions {
  /** Of the whole source, or of some accounts: then the prints are of these. */
  readonly relations: Relations
  /** The named queries made of them and of the rules. */
  readonly decisions: RawBuilder<unknown>
  readonly rules: DecisionRules
  readonly readers: readonly Client[]
}

/**
 * The prints of every account over all that its decision and its rows depend on in the source, but for the as-of time:
 * `expiring` has what depends on that. Other rules give other prints throughout: then everybody is decided anew.
 */
export const accountPrints = ({ relations, decisions, rules, readers }: PrintsOptions): AccountPrints => {
  const seed = rulesSeed(rules)
  return {
    queries: [
      // The longest first; about as long as all others together.
      grouped([
        tableRows('access_tokens', relations.accessTokens, seed),
        tableRows('devices', relations.devices, seed, sql`NOT hidden`),
      ]),
      grouped([keyTimes(relations, seed)]),
      grouped([
        tableRows('user_threepids', relations.threepids, seed),
        tableRows('user_external_ids', relations.externalIds, seed),
        tableRows('refresh_tokens', relations.refreshTokens, seed),
      ]),
    ],
    // One row an account: nothing to group.
    accounts: sql`SELECT owner, print, 1 AS rows FROM (${tableRows('users', relations.users, seed)}) x`,
    held: sql`
      WITH ${decisions}
      SELECT ${ownerHash(sql`mxid`)} AS owner, reason AS held FROM account WHERE reason IS NOT NULL AND mxid IS NOT NULL
    `,
    always: alwaysAnew(relations, rules),
    expiring: (one, other) => expiring(relations, Math.min(one, other), Math.max(one, other)),
    asOf: rules.asOf,
    readers,
  }
}

type PrintedTable = Exclude<SourceTable, 'e2e_device_keys_json' | 'account_validity' | 'background_updates'>

/** Columns that neither a decision nor a row depends on; `hidden` tells which devices count at all. */
const UNPRINTED: Readonly<Record<PrintedTable, readonly string[]>> = {
  users: ['shadow_banned', 'approved', 'suspended'],
  user_threepids: [],
  user_external_ids: [],
  devices: ['hidden'],
  access_tokens: [],
  refresh_tokens: [],
}

/** Told apart in the hash, so that no row of one table passes for a row of another. */
const TABLE_NUMBERS: Readonly<Record<PrintedTable | 'e2e_device_keys_json', number>> = {
  users: 1,
  user_threepids: 2,
  user_external_ids: 3,
  devices: 4,
  access_tokens: 5,
  refresh_tokens: 6,
  e2e_device_keys_json: 7,
}

/** Owner and print of each row. A row without a user belongs to nobody. */
const tableRows = (
  table: PrintedTable,
  relation: Relation,
  seed: bigint,
  where: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> => {
  const mxid = sql.id(table === 'users' ? 'name' : 'user_id')
  const columns = Object.keys(FIXED_COLUMNS[table]).filter((name) => !UNPRINTED[table].includes(name))
  return sql`
    SELECT ${ownerHash(mxid)} AS owner, ${rowPrint(
      table,
      columns.map((name) => sql.id(name)),
      seed,
    )} AS print
    FROM ${relation} x
    WHERE ${mxid} IS NOT NULL AND ${where}
  `
}

/**
 * When the keys of a device were uploaded, of those devices whose creation may be told by nothing else: none of their own
 * tokens was ever validated. Looked up one by one: the table is large, since it holds the keys themselves.
 */
const keyTimes = ({ devices, accessTokens, deviceKeys }: Relations, seed: bigint): RawBuilder<unknown> => sql`
  SELECT owner, print
  FROM (
    SELECT
      ${ownerHash(sql`d.user_id`)} AS owner,
      (
        SELECT ${rowPrint('e2e_device_keys_json', [sql`k.device_id`, sql`k.ts_added_ms`], seed)}
        FROM ${deviceKeys} k
        WHERE k.user_id = d.user_id AND k.device_id = d.device_id
      ) AS print
    FROM ${devices} d
    WHERE NOT d.hidden AND NOT EXISTS (
      SELECT FROM ${accessTokens} t
      WHERE t.user_id = d.user_id AND t.device_id = d.device_id
        AND t.puppets_user_id IS NULL AND t.last_validated IS NOT NULL
    )
    OFFSET 0
  ) x
  WHERE print IS NOT NULL
`

const rowPrint = (
  table: keyof typeof TABLE_NUMBERS,
  columns: readonly RawBuilder<unknown>[],
  seed: bigint,
): RawBuilder<unknown> =>
  sql`hash_record_extended(row(${sql.lit(TABLE_NUMBERS[table])}, ${sql.join(columns)}), ${sql.lit(seed.toString())}::bigint)`

const grouped = (rows: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql`
  SELECT owner, bit_xor(print) AS print, count(*)::integer AS rows
  FROM (${sql.join(rows, sql` UNION ALL `)}) x
  GROUP BY owner
`

/** Raised when prints are made otherwise: then every account is decided anew once. */
const FORMAT = 1

const rulesSeed = ({ serverName, accounts, ghosts, providers }: DecisionRules): bigint =>
  createHash('sha256')
    .update(JSON.stringify([FORMAT, serverName, Object.entries(accounts).toSorted(), ghosts, providers]))
    .digest()
    .readBigInt64BE(0)

/**
 * Accounts whose decision or rows depend on more than their prints cover: tokens that lead to another account's, either
 * way; a subject that two names of one provider know; times sought in all that an account has; and values
 * whose size counts as it is stored, which a copy of the database may change.
 */
const alwaysAnew = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => {
  const { users, threepids, externalIds, beyond } = relations
  const { accessTokens, refreshTokens } = beyond?.linked ?? relations
  const shared = beyond?.twins.externalIds ?? externalIds
  return sql`
  SELECT DISTINCT ${ownerHash(sql`mxid`)} AS owner
  FROM (
    SELECT unnest(array[t.user_id, r.user_id]) AS mxid
    FROM ${accessTokens} t
    JOIN ${refreshTokens} r ON r.id = t.refresh_token_id
    WHERE r.user_id <> t.user_id
    UNION ALL
    SELECT unnest(array[r.user_id, n.user_id])
    FROM ${refreshTokens} r
    JOIN ${refreshTokens} n ON n.id = r.next_token_id
    WHERE n.user_id <> r.user_id
    UNION ALL
    SELECT unnest(array[r.user_id, t.user_id])
    FROM ${refreshTokens} r
    JOIN ${accessTokens} t ON t.refresh_token_id = r.next_token_id
    WHERE t.user_id <> r.user_id
    UNION ALL
    SELECT name FROM ${users} x WHERE creation_ts IS NULL
    UNION ALL
    SELECT user_id FROM ${threepids} x WHERE octet_length(address) > ${sql.lit(LONG)}
    UNION ALL
    SELECT user_id FROM ${externalIds} x WHERE octet_length(external_id) > ${sql.lit(LONG)}
    ${sql.join(
      sharedProviders(rules).map(
        (names) => sql`
          UNION ALL
          SELECT unnest(array_agg(user_id))
          FROM ${shared} x
          WHERE auth_provider IN (${sql.join(names.map((name) => sql.lit(name)))})
          GROUP BY external_id
          HAVING count(*) > 1
        `,
      ),
      sql``,
    )}
  ) x
  WHERE mxid IS NOT NULL
`
}

/** Bytes below which a value fits every index, however it is stored. */
const LONG = 2600

/** Accounts with a refresh token that has expired at one of two times and not at the other. */
const expiring = ({ refreshTokens }: Relations, from: number, to: number): RawBuilder<unknown> => {
  const between = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`${column} > ${sql.lit(from)} AND ${column} <= ${sql.lit(to)}`
  return sql`
    SELECT DISTINCT ${ownerHash(sql`user_id`)} AS owner
    FROM ${refreshTokens} x
    WHERE (${between(sql`expiry_ts`)} OR ${between(sql`ultimate_session_expiry_ts`)}) AND user_id IS NOT NULL
  `
}
