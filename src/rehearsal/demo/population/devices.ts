import { type RawBuilder, sql } from 'kysely'
import type { SynapseVersion } from '../catalogue.ts'
import { DEMO } from '../constants.ts'
import { capitals, draw, hex, pick } from '../draw.ts'
import { insertSelect } from '../rows.ts'
import { CLIENT_NAMES, CROSS_SIGNING, USER_AGENTS } from './names.ts'

const k = sql`k`

/** k numbers devices over all accounts. Ids, in what refers to them, grow from it too. */
const NUMBER = sql`i * 10 + n`

const ip = sql`case
  when ${draw(k, 56, 100)} < 3 then null
  when ${draw(k, 56, 100)} < 6 then '-'
  when ${draw(k, 56, 100)} < 7 then 'unknown'
  when ${draw(k, 56, 100)} < 35 then '2001:db8::' || to_hex(${draw(k, 57, 65_536)}) || ':' || to_hex(1 + ${draw(k, 58, 65_535)})
  else '198.51.' || ${draw(k, 57, 256)} || '.' || ${draw(k, 58, 256)} end`

/** The temporary table of everybody's devices but the hidden and the dehydrated ones. A bridge needs no token for its own. */
export const devicesTable = (): readonly RawBuilder<unknown>[] => [
  sql`create temporary table demo_devices on commit drop as
    select
      numbered.*,
      case when kind = 'guest' then 'guest_device' else ${capitals(k, 50, 10)} end as device_id,
      case when ${draw(k, 54, 100)} < 8 then null else came + ${draw(k, 55, 1_000_000)} * (${sql.lit(DEMO.now)} - came) / 1000000 end as last_seen,
      case when kind in ('guest', 'ghost') or ${draw(k, 59, 100)} < 4 then 0 when ${draw(k, 59, 100)} < 96 then 1 else 2 end as tokens,
      alive and ${draw(k, 60, 100)} < 10 as refreshes
    from (
      select i, n, ${NUMBER} as k, kind, alive, mxid, localpart,
        created * 1000 + ${draw(sql`(${NUMBER})`, 51, 1_000_000)} * (${sql.lit(DEMO.now)} - created * 1000) / 1000000 as came
      from demo_people cross join lateral generate_series(1, devices) as n
    ) as numbered`,
  sql`analyze demo_devices`,
]

const insertDevices = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'devices',
    {
      user_id: sql`mxid`,
      device_id: sql`device_id`,
      display_name: pick(k, 52, CLIENT_NAMES),
      last_seen: sql`last_seen`,
      ip,
      user_agent: pick(k, 53, USER_AGENTS),
      hidden: sql`false`,
    },
    sql`from demo_devices`,
  )

/** A tenth of the people with devices has cross-signing keys, each the name of a hidden device. */
const insertHidden = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'devices',
    {
      user_id: sql`mxid`,
      device_id: sql`left(encode(decode(${hex(sql`i * 10 + key`, 61)} || ${hex(sql`i * 10 + key`, 62)}, 'hex'), 'base64'), 43)`,
      display_name: sql`(array[${sql.join(CROSS_SIGNING.map((name) => sql.lit(name)))}])[key]`,
      hidden: sql`true`,
    },
    sql`from demo_people cross join generate_series(1, 3) as key
      where alive and devices > 0 and ${draw(sql`i`, 63, 10)} = 0`,
  )

const dehydrated = sql`from demo_people where alive and ${draw(sql`i`, 64, 300)} = 0`
const dehydratedId = sql`'DEHYDRATED' || i`

/** A dehydrated device has a row among the devices too, and no token. */
const insertDehydrated = (version: SynapseVersion): readonly (RawBuilder<unknown> | undefined)[] => [
  insertSelect(
    version,
    'devices',
    { user_id: sql`mxid`, device_id: dehydratedId, display_name: sql`'Dehydrated device'`, hidden: sql`false` },
    dehydrated,
  ),
  insertSelect(
    version,
    'dehydrated_devices',
    { user_id: sql`mxid`, device_id: dehydratedId, device_data: sql`'{"algorithm":"m.dehydration.v2"}'` },
    dehydrated,
  ),
]

export const deviceStatements = (version: SynapseVersion): readonly (RawBuilder<unknown> | undefined)[] => [
  insertDevices(version),
  insertHidden(version),
  ...insertDehydrated(version),
  insertSelect(
    version,
    'e2e_device_keys_json',
    {
      user_id: sql`mxid`,
      device_id: sql`device_id`,
      ts_added_ms: sql`came`,
      key_json: sql`'{"algorithms":["m.olm.v1.curve25519-aes-sha2"],"device_id":"' || device_id || '"}'`,
    },
    sql`from demo_devices where alive and ${draw(k, 65, 100)} < 80`,
  ),
  insertSelect(
    version,
    'device_auth_providers',
    {
      user_id: sql`mxid`,
      device_id: sql`device_id`,
      auth_provider_id: sql`'oidc-keycloak'`,
      auth_provider_session_id: hex(k, 66),
    },
    sql`from demo_devices where kind in ('sso', 'both') and ${draw(k, 67, 10)} < 3`,
  ),
]
