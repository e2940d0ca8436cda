import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { ownerHash } from '../difference/owner.ts'
import { FIXED_COLUMNS, type Relation, type Relations, type SourceTable } from '../synapse/relations.ts'
import type { AccountPart, AccountPrints } from '../targets/sql-road.ts'
import { alwaysAnew, expiring } from './beyond-prints.ts'

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
    prints: (part) => printsOf(part, relations, seed),
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

/** All tables at once, so that an account arrives as one row; rows whose user is no account are nobody's. */
const printsOf = (part: AccountPart, relations: Relations, seed: bigint): RawBuilder<unknown> => {
  const { users, threepids, externalIds, devices, accessTokens, refreshTokens } = relations
  const rows = [
    tableRows('access_tokens', accessTokens, { seed, part }),
    tableRows('devices', devices, { seed, part, where: sql`NOT hidden` }),
    tableRows('user_threepids', threepids, { seed, part }),
    tableRows('user_external_ids', externalIds, { seed, part }),
    tableRows('refresh_tokens', refreshTokens, { seed, part }),
    keyTimes(relations, { seed, part }),
  ].map((query) => sql`SELECT owner, print, false AS named FROM (${query}) y`)
  return sql`
    SELECT owner, bit_xor(print) AS print, count(*)::integer AS rows
    FROM (
      SELECT owner, print, true AS named FROM (${tableRows('users', users, { seed, part })}) y
      UNION ALL
      ${sql.join(rows, sql` UNION ALL `)}
    ) x
    GROUP BY owner
    HAVING bool_or(named)
  `
}

interface RowOptions {
  readonly seed: bigint
  readonly part: AccountPart
  readonly where?: RawBuilder<unknown>
}

/** Owners are hashes: their last bits make parts of one size. */
const isIn = ({ number, of }: AccountPart, owner: RawBuilder<unknown>): RawBuilder<unknown> =>
  of === 1 ? sql`true` : sql`(${owner} & 1023) % ${sql.lit(of)} = ${sql.lit(number)}`

/** Owner and print of each row. A row without a user belongs to nobody. */
const tableRows = (
  table: PrintedTable,
  relation: Relation,
  { seed, part, where = sql`true` }: RowOptions,
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
    WHERE ${mxid} IS NOT NULL AND ${where} AND ${isIn(part, ownerHash(mxid))}
  `
}

/**
 * When the keys of a device were uploaded, of those devices whose creation may be told by nothing else: none of their own
 * tokens was ever validated. Looked up one by one: the table is large, since it holds the keys themselves.
 */
const keyTimes = (
  { devices, accessTokens, deviceKeys }: Relations,
  { seed, part }: RowOptions,
): RawBuilder<unknown> => sql`
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
    WHERE NOT d.hidden AND ${isIn(part, ownerHash(sql`d.user_id`))} AND NOT EXISTS (
      SELECT FROM ${accessTokens} t
      WHERE t.user_id = d.user_id AND t.device_id = d.device_id AND ${isIn(part, ownerHash(sql`t.user_id`))}
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

/** Raised when prints are made otherwise: then every account is decided anew once. */
const FORMAT = 2

const rulesSeed = ({ serverName, accounts, ghosts, providers, bots, emails }: DecisionRules): bigint =>
  createHash('sha256')
    .update(JSON.stringify([FORMAT, serverName, Object.entries(accounts).toSorted(), ghosts, providers, bots, emails]))
    .digest()
    .readBigInt64BE(0)
