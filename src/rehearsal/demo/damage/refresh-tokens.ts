import { sql } from 'kysely'
import { DEMO } from '../constants.ts'
import { accessToken, account, type DemoRow, type DemoRows, device, refreshToken, SEEN } from '../rows.ts'
import type { DemoServer, DemoSpeciality } from '../special.ts'

/** A refresh token with the access token that came with it. */
interface Pair {
  readonly id: number
  readonly refresh?: DemoRow
  /** false: there is no such access token. */
  readonly access?: DemoRow | false
}

/** An account with one device and such pairs. Ids below 50,000 belong to what is made by name. */
const pairs = (server: DemoServer, localpart: string, wanted: readonly Pair[]): DemoRows => {
  const mxid = server.at(localpart)
  return {
    users: [account(mxid)],
    devices: [device(mxid, 'REFRESH')],
    refresh_tokens: wanted.map(({ id, refresh }) =>
      refreshToken(id, mxid, 'REFRESH', `syr_${localpart}${id}_aBcDeF`, refresh),
    ),
    access_tokens: wanted.flatMap(({ id, access }) =>
      access === false
        ? []
        : [accessToken(mxid, 'REFRESH', `syt_cmVm_${localpart}${id}_aBcDeF`, { refresh_token_id: id, ...access })],
    ),
  }
}

const special = (
  kind: string,
  means: string,
  wanted: readonly Pair[],
  where: DemoSpeciality['where'],
): DemoSpeciality => ({ kind, means, table: 'refresh_tokens', rows: (server) => pairs(server, kind, wanted), where })

const now = sql.lit(DEMO.now)

export const REFRESH_TOKEN_DAMAGE: readonly DemoSpeciality[] = [
  special(
    'refresh-expired',
    'past its expiry_ts: would live again at MAS',
    [{ id: 101, refresh: { expiry_ts: SEEN } }],
    () => sql`t.expiry_ts < ${now}`,
  ),
  special(
    'refresh-session-expired',
    'past the session’s ultimate end: would live again at MAS',
    [{ id: 102, refresh: { ultimate_session_expiry_ts: SEEN, expiry_ts: DEMO.farFuture } }],
    () => sql`t.ultimate_session_expiry_ts < ${now}`,
  ),
  special(
    'refresh-superseded',
    'used, and the access token of its successor was used too: it no longer works',
    [
      { id: 103, refresh: { next_token_id: 104 }, access: { used: true } },
      { id: 104, access: { used: true } },
    ],
    () => sql`exists (select from access_tokens as a where a.refresh_token_id = t.next_token_id and a.used)`,
  ),
  special(
    'refresh-fork',
    'two refresh tokens with one successor: each use voids the other branch',
    [{ id: 105, refresh: { next_token_id: 107 } }, { id: 106, refresh: { next_token_id: 107 } }, { id: 107 }],
    () => sql`t.next_token_id in (select o.next_token_id from refresh_tokens as o
      group by o.next_token_id having count(*) > 1)`,
  ),
  special(
    'refresh-self-reference',
    'a refresh token that is its own successor',
    [{ id: 108, refresh: { next_token_id: 108 } }],
    () => sql`t.next_token_id = t.id`,
  ),
  special(
    'refresh-other-device',
    'its access token names another device',
    [{ id: 109, access: { device_id: null } }],
    () => sql`exists (select from access_tokens as a where a.refresh_token_id = t.id
      and a.user_id = t.user_id and a.device_id is distinct from t.device_id)`,
  ),
  {
    kind: 'refresh-other-user',
    means: 'its access token belongs to somebody else',
    table: 'refresh_tokens',
    rows: (server) => ({
      ...pairs(server, 'refresh-other-user', [{ id: 110, access: { user_id: server.at('bob') } }]),
    }),
    where: () =>
      sql`exists (select from access_tokens as a where a.refresh_token_id = t.id and a.user_id <> t.user_id)`,
  },
  {
    kind: 'refresh-two-access-tokens',
    means: 'two access tokens of one refresh token',
    table: 'refresh_tokens',
    rows: (server) => {
      const rows = pairs(server, 'refresh-two-access-tokens', [{ id: 111 }])
      const second = accessToken(
        server.at('refresh-two-access-tokens'),
        'REFRESH',
        'syt_cmVm_secondaccesssecondac_aBcDeF',
        {
          refresh_token_id: 111,
        },
      )
      return { ...rows, access_tokens: [...(rows.access_tokens ?? []), second] }
    },
    where: () => sql`(select count(*) from access_tokens as a where a.refresh_token_id = t.id) > 1`,
  },
  special(
    'refresh-without-access-token',
    'a refresh token whose access token is gone',
    [{ id: 112, access: false }],
    () => sql`not exists (select from access_tokens as a where a.refresh_token_id = t.id)`,
  ),
  special(
    'refresh-odd-format',
    'a refresh token that does not look like one: neither Synapse nor MAS takes it',
    [{ id: 113, refresh: { token: 'refresh me' } }],
    () => sql`t.token not like 'syr\\_%'`,
  ),
  special(
    'refresh-expiry-overflow',
    'an expiry time that no date holds',
    [{ id: 114, refresh: { expiry_ts: '9223372036854775807' } }],
    () => sql`t.expiry_ts = 9223372036854775807`,
  ),
  {
    kind: 'refresh-on-vanished-device',
    means: 'a pair on a device that is gone',
    table: 'refresh_tokens',
    rows: (server) => ({ ...pairs(server, 'refresh-on-vanished-device', [{ id: 115 }]), devices: [] }),
    where: () => sql`exists (select from users as u where u.name = t.user_id)
      and not exists (select from devices as d where d.user_id = t.user_id and d.device_id = t.device_id)`,
  },
]
