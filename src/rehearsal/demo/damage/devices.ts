import { type RawBuilder, sql } from 'kysely'
import { accessToken, account, type DemoRow, device, deviceKeys } from '../rows.ts'
import type { DemoSpeciality } from '../special.ts'

const special = (
  kind: string,
  means: string,
  deviceId: string,
  more: DemoRow,
  where: RawBuilder<unknown>,
): DemoSpeciality => ({
  kind,
  means,
  table: 'devices',
  rows: ({ at }) => ({
    users: [account(at(kind))],
    devices: [device(at(kind), deviceId, more)],
    access_tokens: [accessToken(at(kind), deviceId, `syt_ZGV2aWNl_${kind}_aBcDeF`)],
  }),
  where: () => where,
})

const ip = (kind: string, address: string): DemoSpeciality =>
  special(`ip-${kind}`, `an address of a device that is ${kind}`, 'IP', { ip: address }, sql`t.ip = ${address}`)

export const DEVICE_DAMAGE: readonly DemoSpeciality[] = [
  special(
    'device-id-empty',
    'a device with an empty name: Synapse refuses its token under MAS',
    '',
    {},
    sql`t.device_id = ''`,
  ),
  special(
    'device-id-255',
    'the longest device name that MAS takes',
    'd'.repeat(255),
    {},
    sql`length(t.device_id) = 255`,
  ),
  special('device-id-256', 'one character more than that', 'd'.repeat(256), {}, sql`length(t.device_id) = 256`),
  special(
    'device-id-512',
    'the longest device name that Synapse takes',
    'd'.repeat(512),
    {},
    sql`length(t.device_id) = 512`,
  ),
  special(
    'device-id-strange',
    'a device name with spaces, quotes and other letters',
    'my "phone", ü\\',
    {},
    sql`t.device_id like '%"%'`,
  ),
  special(
    'device-hidden-null',
    'hidden is NULL, which means false',
    'HIDDENNULL',
    { hidden: null },
    sql`t.hidden is null`,
  ),
  {
    ...special(
      'device-hidden-with-token',
      'a token of a hidden device, which Synapse accepts',
      'HIDDENTOKEN',
      { hidden: true },
      sql`t.hidden and exists (select from access_tokens as a where a.user_id = t.user_id and a.device_id = t.device_id)`,
    ),
  },
  special(
    'guest-device-of-a-person',
    'an ordinary device that its owner named guest_device, with a token that works',
    'guest_device',
    {},
    sql`t.device_id = 'guest_device' and exists (select from users as u where u.name = t.user_id and u.is_guest = 0 and u.upgrade_ts is null)`,
  ),
  {
    kind: 'guest-device-token',
    means: 'a guest with a device of an ordinary name, and a token in the table',
    table: 'devices',
    rows: ({ at }) => ({
      users: [account(at('456789'), { password_hash: null, is_guest: 1 })],
      devices: [device(at('456789'), 'GUESTPHONE')],
      access_tokens: [accessToken(at('456789'), 'GUESTPHONE', 'syt_NDU2Nzg5_guestaccessguesttok_aBcDeF')],
    }),
    where: () =>
      sql`t.device_id <> 'guest_device' and exists (select from users as u where u.name = t.user_id and u.is_guest = 1)`,
  },
  {
    kind: 'device-same-name',
    means: 'two people whose devices have the same name',
    table: 'devices',
    rows: ({ at }) => ({
      users: [account(at('same-device-1')), account(at('same-device-2'))],
      devices: [device(at('same-device-1'), 'SAME'), device(at('same-device-2'), 'SAME')],
    }),
    where: () => sql`t.device_id in (select o.device_id from devices as o
      where o.device_id <> 'guest_device' group by o.device_id having count(*) > 1)`,
  },
  {
    kind: 'keys-without-device',
    means: 'encryption keys of a device that is gone',
    table: 'e2e_device_keys_json',
    rows: ({ at }) => ({
      users: [account(at('keys-without-device'))],
      e2e_device_keys_json: [deviceKeys(at('keys-without-device'), 'GONE')],
    }),
    where: () => sql`exists (select from users as u where u.name = t.user_id)
      and not exists (select from devices as d where d.user_id = t.user_id and d.device_id = t.device_id)
      and t.device_id <> 'KEYTIME'`,
  },
  {
    kind: 'keys-without-token',
    means: 'a device with encryption keys and no token: a sync would delete it with its keys',
    table: 'devices',
    rows: ({ at }) => ({
      users: [account(at('keys-without-token'))],
      devices: [device(at('keys-without-token'), 'KEYSONLY')],
      e2e_device_keys_json: [deviceKeys(at('keys-without-token'), 'KEYSONLY')],
    }),
    where:
      () => sql`t.device_id = 'KEYSONLY' and exists (select from e2e_device_keys_json as k where k.user_id = t.user_id and k.device_id = t.device_id)
      and not exists (select from access_tokens as a where a.user_id = t.user_id and a.device_id = t.device_id)`,
  },
  special(
    'display-name-long',
    'a device whose display name is long',
    'LONGNAME',
    { display_name: 'n'.repeat(3000) },
    sql`length(t.display_name) = 3000`,
  ),
  special(
    'user-agent-long',
    'a client that calls itself at length',
    'LONGAGENT',
    { user_agent: 'u'.repeat(9000) },
    sql`length(t.user_agent) = 9000`,
  ),
  ip('a-network', '192.0.2.4/24'),
  ip('with-a-zone', 'fe80::1%eth0'),
  ip('out-of-range', '999.1.2.3'),
  ip('mapped', '::ffff:192.0.2.1'),
  ip('with-a-port', '192.0.2.1:443'),
  ip('empty', ''),
  ip('short', '10.1'),
]
