import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../../src/postgres/statement.ts'
import { DEMO_CANARIES } from '../../../src/rehearsal/demo/canaries.ts'
import { SYNAPSE_VERSIONS, type SynapseVersion, synapseTables } from '../../../src/rehearsal/demo/catalogue.ts'
import { DEMO, DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { appliesTo, countSpecial } from '../../../src/rehearsal/demo/count.ts'
import { DEMO_DAMAGES } from '../../../src/rehearsal/demo/damage/damages.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { type DemoOptions, fillDemoHomeserver } from '../../../src/rehearsal/demo/fill.ts'
import { DEMO_PASSWORDS } from '../../../src/rehearsal/demo/passwords.ts'
import { insertDemoProviders } from '../../../src/rehearsal/demo/providers.ts'
import { DEMO_TRAITS } from '../../../src/rehearsal/demo/traits.ts'
import { masDdl } from '../../../src/targets/mas/database/schema.ts'
import { testPostgres } from '../../support/postgres.ts'

const clients: pg.Client[] = []

const emptyHomeserver = async (name: string, version: SynapseVersion): Promise<pg.Client> => {
  const server = testPostgres()
  await server.createDatabase(name, { encoding: 'UTF8' })
  const client = await server.superuser(name)
  clients.push(client)
  for (const statement of synapseDdl(version)) await client.query(statement)
  return client
}

const homeserver = async (name: string, options: Omit<DemoOptions, 'accounts'>) => {
  const client = await emptyHomeserver(name, options.version)
  const counts = await fillDemoHomeserver(client, { accounts: 3000, ...options })
  return { client, counts }
}

/** One hash over all rows of each table, whatever their order. */
const hashes = async (client: pg.Client, version: SynapseVersion): Promise<Record<string, unknown>> => {
  const tables: Record<string, unknown> = {}
  for (const table of synapseTables(version).keys()) {
    const rows = await run<Record<string, unknown>>(
      client,
      sql`select md5(coalesce(string_agg(row, '' order by row collate "C"), '')) as hash
        from (select md5(t::text) as row from ${sql.id(table)} as t) as rows`,
    )
    tables[table] = rows[0]?.['hash']
  }
  return tables
}

afterAll(async () => {
  for (const client of clients) await client.end()
})

describe.each(SYNAPSE_VERSIONS)('a demo homeserver of Synapse %s', (version) => {
  const healthy: { client?: pg.Client; counts?: ReadonlyMap<string, number> } = {}
  const damaged: { client?: pg.Client; counts?: ReadonlyMap<string, number> } = {}

  beforeAll(async () => {
    Object.assign(healthy, await homeserver(`demo_${version}_none`, { version, damage: 'none' }))
    Object.assign(damaged, await homeserver(`demo_${version}_all`, { version, damage: 'all' }))
  })

  it('has the tables and columns that a running server of that version has', async () => {
    const rows = await run<Record<string, unknown>>(
      healthy.client!,
      sql`select c.relname as table, a.attname as name, a.atttypid::regtype::text as type, not a.attnotnull as nullable
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 order by c.relname, a.attnum`,
    )
    const wanted = [...synapseTables(version)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([table, columns]) => columns.map((column) => ({ table, ...column })))
    expect(rows).toEqual(wanted)
  })

  it('has rows in every table; healthy, no update is pending', () => {
    const empty = ({ counts }: typeof healthy) => [...counts!].filter(([, rows]) => rows === 0).map(([table]) => table)
    expect(empty(healthy)).toEqual(['background_updates'])
    expect(empty(damaged)).toEqual([])
  })

  it.each(DEMO_TRAITS.filter((trait) => appliesTo(version, trait)))('has $means', async (trait) => {
    expect(await countSpecial(healthy.client!, trait, DEMO.serverName)).toBeGreaterThan(0)
    expect(await countSpecial(damaged.client!, trait, DEMO.serverName)).toBeGreaterThan(0)
  })

  it.each(DEMO_DAMAGES.filter((damage) => appliesTo(version, damage)))(
    'has, when damaged, $kind: $means',
    async (damage) => {
      expect(await countSpecial(damaged.client!, damage, DEMO.serverName)).toBeGreaterThan(0)
    },
  )

  it('has, when healthy, no damage of any kind', async () => {
    const found: string[] = []
    for (const damage of DEMO_DAMAGES.filter((each) => appliesTo(version, each)))
      if ((await countSpecial(healthy.client!, damage, DEMO.serverName)) > 0) found.push(damage.kind)
    expect(found).toEqual([])
  })
})

describe('the demo homeserver', () => {
  const version = '1.163.2'

  it('is the same to the last byte for the same seed, and another one for another seed', async () => {
    const options = { version, damage: 'all' } as const
    const first = await homeserver('demo_seed_a', { ...options, seed: 7 })
    const again = await homeserver('demo_seed_b', { ...options, seed: 7 })
    const other = await homeserver('demo_seed_c', { ...options, seed: 8 })
    const expected = await hashes(first.client, version)
    expect(await hashes(again.client, version)).toEqual(expected)
    expect((await hashes(other.client, version))['users']).not.toBe(expected['users'])
  })

  it('has about the shares of a real one', async () => {
    const { client, counts } = await homeserver('demo_shares', { version, damage: 'none' })
    const users = counts.get('users') ?? 0
    const rows = await run<Record<string, unknown>>(
      client,
      sql`select (select count(*) from users where password_hash <> '')::float / ${users}::int as passwords,
        (select count(*) from devices where not hidden)::float / ${users}::int as devices,
        (select count(*) from access_tokens)::float / ${users}::int as tokens`,
    )
    expect(rows[0]?.['passwords']).toBeCloseTo(0.6, 1)
    expect(rows[0]?.['devices']).toBeCloseTo(1.62, 1)
    expect(rows[0]?.['tokens']).toBeCloseTo(1.64, 1)
  })

  it('belongs to another server when told so', async () => {
    const { client } = await homeserver('demo_other_name', { version, damage: 'all', serverName: 'x.test:8448' })
    for (const damage of DEMO_DAMAGES)
      expect([damage.kind, await countSpecial(client, damage, 'x.test:8448')]).not.toEqual([damage.kind, 0])
    const foreign = await run<Record<string, unknown>>(
      client,
      sql`select count(*)::int as rows from users where name like '%:demo.example'`,
    )
    expect(foreign).toEqual([{ rows: 0 }])
  })

  it('is made whole or not at all', async () => {
    const client = await emptyHomeserver('demo_whole', version)
    await client.query(`alter table user_ips add constraint no check (user_id = '')`)
    await expect(fillDemoHomeserver(client, { version, damage: 'none', accounts: 500 })).rejects.toThrow(
      'violates check',
    )
    expect((await client.query('select count(*)::int as rows from users')).rows).toEqual([{ rows: 0 }])
  })

  it('refuses a number of accounts that cannot be', async () => {
    const client = await emptyHomeserver('demo_numbers', version)
    for (const accounts of [0, -1, 1.5, Number.NaN, 1e9])
      await expect(fillDemoHomeserver(client, { version, damage: 'none', accounts })).rejects.toThrow('accounts')
  })

  it('lets its people log in with the passwords that it documents', async () => {
    const client = await emptyHomeserver('demo_passwords', version)
    await client.query('create extension pgcrypto')
    for (const { password, hash } of Object.values(DEMO_PASSWORDS)) {
      // pgcrypto knows $2b$ under its older name; both cut the text to 72 bytes.
      const old = hash.replace('$2b$', '$2a$')
      const { rows } = await client.query('select crypt($1, $2) = $2 as fits, crypt($3, $2) = $2 as unpeppered', [
        password.normalize('NFKC') + DEMO.pepper,
        old,
        password.normalize('NFKC'),
      ])
      expect({ password, ...rows[0] }).toEqual({ password, fits: true, unpeppered: password.length > 72 })
    }
  })

  it('knows its canaries: each has an account, a device and a token that works', async () => {
    const { client } = await homeserver('demo_canaries', { version, damage: 'none' })
    for (const { localpart, device, accessToken, password, externalId } of DEMO_CANARIES) {
      const rows = await run<Record<string, unknown>>(
        client,
        sql`select u.password_hash as hash, a.device_id as device, e.external_id as subject
          from users as u join access_tokens as a on a.user_id = u.name
          join devices as d on d.user_id = u.name and d.device_id = a.device_id
          left join user_external_ids as e on e.user_id = u.name
          where u.name = ${`@${localpart}:demo.example`} and a.token = ${accessToken}`,
      )
      expect(rows).toEqual([{ hash: password?.hash ?? null, device, subject: externalId?.subject ?? null }])
      expect(accessToken.split('_')[1]).toBe(Buffer.from(localpart).toString('base64').replaceAll('=', ''))
    }
  })

  it('brings its providers into a MAS database', async () => {
    const server = testPostgres()
    await server.createDatabase('demo_mas', { encoding: 'UTF8' })
    const client = await server.superuser('demo_mas')
    clients.push(client)
    for (const statement of masDdl()) await client.query(statement)
    await insertDemoProviders(client)
    const { rows } = await client.query(
      'select upstream_oauth_provider_id as uuid from upstream_oauth_providers order by ui_order',
    )
    expect(rows).toEqual(DEMO_PROVIDERS.map(({ uuid }) => ({ uuid })))
  })
})
