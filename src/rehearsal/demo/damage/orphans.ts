import { sql } from 'kysely'
import type { SynapseTable } from '../catalogue.ts'
import {
  accessToken,
  CAME,
  type DemoRow,
  device,
  deviceKeys,
  externalId,
  refreshToken,
  SEEN,
  threepid,
} from '../rows.ts'
import type { DemoSpeciality } from '../special.ts'

/** A row of somebody for each table that names an account. */
const ROWS: Readonly<Partial<Record<SynapseTable, (mxid: string, id: number) => DemoRow>>> = {
  user_threepids: (mxid) => threepid(mxid, `orphan${mxid.replaceAll(/[@:]/g, '.')}@mail.example`),
  user_external_ids: (mxid) => externalId(mxid, 'oidc-keycloak', `orphan ${mxid}`),
  devices: (mxid) => device(mxid, 'ORPHAN'),
  access_tokens: (mxid) => accessToken(mxid, 'ORPHAN', `syt_b3JwaGFu_${mxid.replaceAll(/[^a-z]/g, '')}_aBcDeF`),
  refresh_tokens: (mxid, id) => refreshToken(id, mxid, 'ORPHAN', `syr_orphan${id}_aBcDeF`),
  dehydrated_devices: (mxid) => ({ user_id: mxid, device_id: 'ORPHAN', device_data: '{}' }),
  device_auth_providers: (mxid) => ({
    user_id: mxid,
    device_id: 'ORPHAN',
    auth_provider_id: 'oidc-keycloak',
    auth_provider_session_id: 'orphan',
  }),
  account_validity: (mxid) => ({ user_id: mxid, expiration_ts_ms: CAME * 1000, email_sent: false }),
  erased_users: (mxid) => ({ user_id: mxid }),
  user_ips: (mxid) => ({
    user_id: mxid,
    access_token: `orphan ${mxid}`,
    device_id: 'ORPHAN',
    ip: '203.0.113.9',
    user_agent: 'Gone',
    last_seen: SEEN,
  }),
  e2e_device_keys_json: (mxid) => deviceKeys(mxid, 'ORPHAN'),
}

const kinds = (
  what: 'orphan' | 'foreign',
  means: string,
  owner: (serverName: string) => string,
  firstId: number,
): readonly DemoSpeciality[] =>
  (Object.keys(ROWS) as SynapseTable[]).map((table) => ({
    kind: `${what}-in-${table}`,
    means,
    table,
    rows: ({ serverName }) => {
      const row = ROWS[table]?.(owner(serverName), firstId)
      return row === undefined ? {} : { [table]: [row] }
    },
    where: ({ serverName }) => {
      const local = sql`right(t.user_id, ${serverName.length + 1}) = ${`:${serverName}`}`
      return sql`not exists (select from users as u where u.name = t.user_id)
        and ${what === 'orphan' ? local : sql`not ${local}`}`
    },
  }))

export const ORPHAN_DAMAGE: readonly DemoSpeciality[] = [
  ...kinds(
    'orphan',
    'left by somebody who deleted the account by hand',
    (serverName) => `@vanished:${serverName}`,
    201,
  ),
  ...kinds('foreign', 'of an account of another server, which is not there', () => '@elsewhere:other.example', 202),
  {
    kind: 'orphan-in-profiles',
    means: 'a profile without an account',
    table: 'profiles',
    rows: ({ at }) => ({ profiles: [{ user_id: 'vanished', full_user_id: at('vanished'), displayname: 'Vanished' }] }),
    where: ({ serverName }) =>
      sql`not exists (select from users as u where u.name = '@' || t.user_id || ${`:${serverName}`})
        and t.user_id = 'vanished'`,
  },
]
