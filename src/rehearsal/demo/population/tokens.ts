import { type RawBuilder, sql } from 'kysely'
import { type SynapseVersion, synapseHas } from '../catalogue.ts'
import { DEMO } from '../constants.ts'
import { draw, tokenTail } from '../draw.ts'
import { insertSelect } from '../rows.ts'

const k = sql`k`

/** Tokens made here have ids from this one on, so that there is room below for those made by name. */
export const FIRST_TOKEN_ID = 100_000

/** An id for the token number `n` (0 to 9) of device number k. */
const id = (n: RawBuilder<unknown>): RawBuilder<unknown> => sql`${sql.lit(FIRST_TOKEN_ID)} + k * 10 + ${n}`

/** The shape that Synapse has given access tokens since 1.34; the last six characters are no checksum here. */
const shaped = (prefix: string, serial: RawBuilder<unknown>, salt: number): RawBuilder<unknown> =>
  sql`${sql.lit(prefix)} || rtrim(translate(encode(convert_to(localpart, 'UTF8'), 'base64'), E'\n', ''), '=') || '_' || ${tokenTail(serial, salt)}`

const serial = sql`(k * 10 + t)`

/** One device of ten whose client refreshes has just refreshed: it holds the old pair, and a new one not yet used. */
const hasTwo = sql`${draw(k, 70, 10)} = 0`

const pairs = sql`from demo_devices cross join generate_series(1, case when ${hasTwo} then 2 else 1 end) as t
  where refreshes and tokens > 0`

const insertRefreshTokens = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'refresh_tokens',
    {
      id: id(sql`t`),
      user_id: sql`mxid`,
      device_id: sql`device_id`,
      token: sql`'syr_' || ${tokenTail(serial, 71)}`,
      next_token_id: sql`case when t = 1 and ${hasTwo} then ${id(sql`2`)} end`,
      expiry_ts: sql`case when ${draw(k, 73, 2)} = 0 then ${sql.lit(DEMO.farFuture)} end`,
      ultimate_session_expiry_ts: sql`case when ${draw(k, 74, 4)} = 0 then ${sql.lit(DEMO.farFuture)} end`,
    },
    pairs,
  )

/** Half of the refreshable access tokens have expired: they live for minutes only. */
const insertPairedTokens = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'access_tokens',
    {
      id: id(sql`t`),
      user_id: sql`mxid`,
      device_id: sql`device_id`,
      token: shaped('syt_', serial, 75),
      valid_until_ms: sql`case when ${draw(k, 77, 2)} = 0 then least(came + 300000, ${sql.lit(DEMO.now)}) else ${sql.lit(DEMO.farFuture)} end`,
      last_validated: sql`came`,
      refresh_token_id: id(sql`t`),
      used: sql`t = 1`,
    },
    pairs,
  )

const insertPlainTokens = (version: SynapseVersion, who: RawBuilder<unknown>): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'access_tokens',
    {
      id: id(sql`t`),
      user_id: sql`mxid`,
      device_id: sql`device_id`,
      token: shaped('syt_', serial, 75),
      last_validated: sql`case when ${draw(serial, 78, 10)} > 0 then came end`,
      used: sql`false`,
    },
    sql`from demo_devices cross join lateral generate_series(1, tokens) as t where ${who}`,
  )

/** Old clients and the admin API make tokens that belong to no device: one person of two hundred has one. */
const insertDeviceless = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'access_tokens',
    {
      id: sql`${sql.lit(FIRST_TOKEN_ID)} + i * 100`,
      user_id: sql`mxid`,
      token: shaped('syt_', sql`i`, 80),
      last_validated: sql`created * 1000`,
      used: sql`false`,
    },
    sql`from demo_people where alive and ${draw(sql`i`, 82, 200)} = 0`,
  )

const MONTH_MS = 28 * 86_400_000

/** Synapse keeps addresses for 28 days: a third of the devices was seen in that time. */
const insertIps = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'user_ips',
    {
      user_id: sql`mxid`,
      access_token: shaped('syt_', sql`(k * 10 + 1)`, 75),
      device_id: sql`device_id`,
      ip: sql`'203.0.113.' || ${draw(k, 83, 256)}`,
      user_agent: sql`'Element'`,
      last_seen: sql`${sql.lit(DEMO.now)} - ${draw(k, 84, MONTH_MS)}`,
    },
    sql`from demo_devices where tokens > 0 and ${draw(k, 85, 3)} = 0`,
  )

export const tokenStatements = (version: SynapseVersion): readonly (RawBuilder<unknown> | undefined)[] =>
  synapseHas(version, 'refresh_tokens')
    ? [
        insertRefreshTokens(version),
        insertPairedTokens(version),
        insertPlainTokens(version, sql`not refreshes`),
        insertDeviceless(version),
        insertIps(version),
      ]
    : [insertPlainTokens(version, sql`true`), insertDeviceless(version), insertIps(version)]
