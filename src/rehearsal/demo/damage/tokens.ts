import { sql } from 'kysely'
import { accessToken, account, type DemoRow, device } from '../rows.ts'
import type { DemoSpeciality } from '../special.ts'

const odd = (kind: string, means: string, token: string, pattern: string): DemoSpeciality => ({
  kind,
  means,
  table: 'access_tokens',
  rows: ({ at }) => ({
    users: [account(at(kind))],
    devices: [device(at(kind), 'ODDTOKEN')],
    access_tokens: [accessToken(at(kind), 'ODDTOKEN', token)],
  }),
  where: () => sql`t.token ~ ${pattern}`,
})

/** A macaroon's first packet is its location, behind four characters of length; in base64url it begins with MDA. */
const macaroon = Buffer.from('001clocation demo.example\n0013identifier key\n0010cid gen = 1\n').toString('base64url')

const onDevice = (
  kind: string,
  means: string,
  more: DemoRow,
  devices: readonly string[],
  where: DemoSpeciality['where'],
): DemoSpeciality => ({
  kind,
  means,
  table: 'access_tokens',
  rows: ({ at }) => ({
    users: [account(at(kind))],
    devices: devices.map((name) => device(at(kind), name)),
    access_tokens: [accessToken(at(kind), 'TOKENDEVICE', `syt_dG9rZW4_${kind}_aBcDeF`, more)],
  }),
  where,
})

export const TOKEN_DAMAGE: readonly DemoSpeciality[] = [
  odd('token-macaroon', 'a macaroon from before Synapse 1.34', macaroon, '^MDA'),
  odd('token-random', 'a random string, which Synapse accepts and MAS refuses', 'c0ffee-c0ffee-c0ffee', '^c0ffee'),
  odd('token-not-a-macaroon', 'a token that only looks like a macaroon', 'MDAxnot a macaroon', '^MDAx.* '),
  odd('token-syt-odd', 'a token that begins like Synapse’s and goes on otherwise', 'syt_', '^syt_$'),
  odd('token-empty', 'an empty token', '', '^$'),
  onDevice(
    'token-of-vanished-device',
    'a token of a device that is gone, which Synapse accepts',
    {},
    [],
    () => sql`t.device_id is not null and exists (select from users as u where u.name = t.user_id)
      and not exists (select from devices as d where d.user_id = t.user_id and d.device_id = t.device_id)`,
  ),
  {
    kind: 'token-puppet',
    means: 'made by an administrator to act as somebody else',
    table: 'access_tokens',
    rows: ({ at }) => ({
      users: [account(at('puppeteer'), { admin: 1 }), account(at('puppet'))],
      access_tokens: [
        accessToken(at('puppeteer'), null, 'syt_cHVwcGV0_puppetaccesspuppetac_aBcDeF', {
          puppets_user_id: at('puppet'),
        }),
      ],
    }),
    where: () => sql`t.puppets_user_id is not null`,
  },
  {
    kind: 'token-puppet-on-device',
    means: 'a puppet token that names a device',
    table: 'access_tokens',
    rows: ({ at }) => ({
      users: [account(at('puppeteer-2'), { admin: 1 })],
      devices: [device(at('puppeteer-2'), 'STRINGS')],
      access_tokens: [
        accessToken(at('puppeteer-2'), 'STRINGS', 'syt_cHVwcGV0_puppetdevicepuppetde_aBcDeF', {
          puppets_user_id: at('bob'),
        }),
      ],
    }),
    where: () => sql`t.puppets_user_id is not null and t.device_id is not null`,
  },
]
