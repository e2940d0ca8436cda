import { sql } from 'kysely'
import type { SynapseTable } from '../catalogue.ts'
import { accessToken, account, CAME, type DemoRow, device, deviceKeys, SEEN, threepid } from '../rows.ts'
import type { DemoSpeciality } from '../special.ts'

/** The greatest bigint: PostgreSQL's timestamps end long before, in seconds as in milliseconds. */
const GREATEST = '9223372036854775807'
/** More milliseconds than a JavaScript date has, fewer than overflow as microseconds. */
const BEYOND_DATES = '9000000000000001'

const creation = (kind: string, means: string, localpart: string, more: DemoRow, where: string): DemoSpeciality => ({
  kind,
  means,
  table: 'users',
  rows: ({ at }) => ({ users: [account(at(localpart), more)] }),
  where: () => sql.raw(where),
})

/** A time that is out of all bounds, in each of the columns that hold milliseconds. */
const milliseconds = (
  table: SynapseTable,
  column: string,
  row: (mxid: string, time: string | number, name: string) => DemoRow,
): readonly DemoSpeciality[] => {
  const values = { negative: -SEEN, overflow: GREATEST, 'beyond-dates': BEYOND_DATES, 'in-seconds': CAME }
  const wheres = {
    'negative': sql`< 0`,
    'overflow': sql`= ${GREATEST}::bigint`,
    'beyond-dates': sql`= ${BEYOND_DATES}::bigint`,
    'in-seconds': sql`between 1 and 9999999999`,
  }
  const owner = `time-${column.replaceAll('_', '-')}`
  return (Object.keys(values) as (keyof typeof values)[]).map((name) => ({
    kind: `${table}-${column}-${name}`,
    means: `${column} of ${table} is ${name}`,
    table,
    rows: ({ at }) => ({
      users: [account(at(`${owner}-${name}`))],
      [table]: [row(at(`${owner}-${name}`), values[name], name)],
    }),
    where: () => sql`t.${sql.id(column)} ${wheres[name]}`,
  }))
}

export const TIME_DAMAGE: readonly DemoSpeciality[] = [
  creation(
    'creation-null',
    'no time of creation',
    'no-creation',
    { creation_ts: null },
    't.creation_ts is null and t.name is not null',
  ),
  creation('creation-zero', 'created at the epoch', 'epoch', { creation_ts: 0 }, 't.creation_ts = 0'),
  creation('creation-negative', 'created before 1970', 'before-1970', { creation_ts: -CAME }, 't.creation_ts < 0'),
  creation(
    'creation-in-milliseconds',
    'a time of creation in milliseconds, where Synapse writes seconds',
    'in-milliseconds',
    { creation_ts: CAME * 1000 },
    't.creation_ts between 1000000000000 and 9999999999999',
  ),
  creation(
    'creation-overflow',
    'a time of creation that no date holds',
    'overflow',
    { creation_ts: GREATEST },
    `t.creation_ts = ${GREATEST}`,
  ),
  ...milliseconds('devices', 'last_seen', (mxid, last_seen) => device(mxid, 'LASTSEEN', { last_seen })),
  ...milliseconds('access_tokens', 'last_validated', (mxid, last_validated, name) =>
    accessToken(mxid, null, `syt_dGltZQ_validated${name.replace('-', '')}_aBcDeF`, { last_validated }),
  ),
  ...milliseconds('access_tokens', 'valid_until_ms', (mxid, valid_until_ms, name) =>
    accessToken(mxid, null, `syt_dGltZQ_validuntil${name.replace('-', '')}_aBcDeF`, { valid_until_ms }),
  ),
  ...milliseconds('user_threepids', 'added_at', (mxid, added_at, name) =>
    threepid(mxid, `added-${name}@demo.example`, { added_at }),
  ),
  ...milliseconds('e2e_device_keys_json', 'ts_added_ms', (mxid, ts_added_ms) =>
    deviceKeys(mxid, 'KEYTIME', { ts_added_ms }),
  ),
]
