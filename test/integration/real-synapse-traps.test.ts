import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testPostgres } from '../support/postgres.ts'
import { callSynapse, type Json, MatrixError, textOf, whoami } from '../support/synapse/client.ts'
import { whyNoSynapse } from '../support/synapse/install.ts'
import { STORY_SERVER_NAME, type StoryServer, startStoryServer } from '../support/synapse/real-synapse.ts'

const DATABASE = 'real_synapse_traps'
const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()
const mxid = (localpart: string): string => `@${localpart}:${STORY_SERVER_NAME}`

const FOREIGN = '@someone:elsewhere.example'

/** The six characters that end a token of Synapse's: CRC-32 in base 62. */
const WRONG_CHECKSUM = '000000'

describe.skipIf(missing)(`what a real Synapse 1.163.2 does${missing ? ` (${missing})` : ''}`, () => {
  let server: StoryServer
  const sql = (statement: string): Promise<readonly Record<string, unknown>[]> =>
    testPostgres().execute(DATABASE, statement)
  const call = (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    request: { token?: string; body?: Json } = {},
  ): Promise<Json> => callSynapse(server.synapse.baseUrl, method, path, request)
  const admin = (): string => server.told.labels['admin.console'] ?? ''
  const putUser = (localpart: string, body: Json): Promise<Json> =>
    call('PUT', `/_synapse/admin/v2/users/${encodeURIComponent(mxid(localpart))}`, { token: admin(), body })
  const login = (localpart: string, password: string, body: Json = {}): Promise<Json> =>
    call('POST', '/_matrix/client/v3/login', {
      body: { type: 'm.login.password', identifier: { type: 'm.id.user', user: mxid(localpart) }, password, ...body },
    })
  const statusOf = async (answer: Promise<Json>): Promise<number> => {
    try {
      await answer
      return 200
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error
      return error.status
    }
  }

  beforeAll(async () => {
    server = await startStoryServer(await testPostgres().createDatabase(DATABASE, { encoding: 'UTF8' }))
  })
  afterAll(() => server?.stop())

  describe('with users', () => {
    test('folds the names that clients register, and refuses capitals of the admin API', async () => {
      const answer = await call('POST', '/_matrix/client/v3/register', {
        body: { username: 'Capital', password: 'a password', inhibit_login: true, auth: { type: 'm.login.dummy' } },
      })
      expect(textOf(answer, 'user_id')).toBe(mxid('capital'))
      expect(await statusOf(putUser('Capital', { password: 'a password' }))).toBe(400)
    })

    test('keeps the user of a change by the admin API that failed', async () => {
      const taken = { auth_provider: 'oidc-op', external_id: 'typed-1' }
      expect(await statusOf(putUser('half_made', { password: 'a password', external_ids: [taken] }))).toBe(409)
      expect(await sql(`SELECT name FROM users WHERE name = ${pg.escapeLiteral(mxid('half_made'))}`)).toHaveLength(1)
    })

    test('cuts profiles.user_id at the first colon, and has the whole mxid in full_user_id', async () => {
      expect(await sql(`SELECT user_id, full_user_id FROM profiles WHERE full_user_id LIKE '@\\_irc\\_co%'`)).toEqual([
        { user_id: '_irc_co', full_user_id: mxid('_irc_co:lon') },
      ])
    })

    test('keeps the profile of a deactivated user, and takes that of an erased one', async () => {
      const rows = await sql(`SELECT user_id FROM profiles WHERE user_id IN ('deactivated', 'erased')`)
      expect(rows).toEqual([{ user_id: 'deactivated' }])
    })
  })

  describe('with passwords', () => {
    test('takes one that holds a NUL', async () => {
      await putUser('nul', { password: 'before\0after' })
      expect(await statusOf(login('nul', 'before\0after'))).toBe(200)
      expect(await statusOf(login('nul', 'before\0other'))).toBe(403)
    })

    test.each([
      ['$2a$', 200],
      ['$2b$', 200],
      ['$2y$', 200],
      ['$2x$', 200],
    ])('takes a hash that begins with %s', async (prefix, status) => {
      await putUser('prefix', { password: 'a password', logout_devices: false })
      await sql(`UPDATE users SET password_hash = ${pg.escapeLiteral(prefix)} || substr(password_hash, 5)
                 WHERE name = ${pg.escapeLiteral(mxid('prefix'))}`)
      expect(await statusOf(login('prefix', 'a password'))).toBe(status)
    })

    test.each([
      ['no hash', `'not a hash at all'`, 500],
      ['a hash of another kind', `'$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA'`, 500],
      ['a hash and a newline', `password_hash || E'\\n'`, 403],
    ])('refuses what is %s', async (_, hash, status) => {
      await putUser('odd_hash', { password: 'a password', logout_devices: false })
      await sql(`UPDATE users SET password_hash = ${hash} WHERE name = ${pg.escapeLiteral(mxid('odd_hash'))}`)
      expect(await statusOf(login('odd_hash', 'a password'))).toBe(status)
    })
  })

  describe('with devices and tokens', () => {
    test('takes device ids of up to 512 characters', async () => {
      const password = server.told.passwords.get(mxid('leaver')) ?? ''
      expect(await statusOf(login('leaver', password, { device_id: 'D'.repeat(512) }))).toBe(200)
      expect(await statusOf(login('leaver', password, { device_id: 'D'.repeat(513) }))).toBe(400)
    })

    const insertToken = (values: { id: number; user: string; device: string; token: string }): Promise<unknown> =>
      sql(`INSERT INTO access_tokens (id, user_id, device_id, token)
           VALUES (${values.id}, ${pg.escapeLiteral(values.user)}, ${values.device}, ${pg.escapeLiteral(values.token)})`)

    test.each([
      [
        'a wrong checksum',
        {
          id: 8001,
          user: mxid('leaver'),
          device: `'STAYS'`,
          token: `syt_bGVhdmVy_aaaaaaaaaaaaaaaaaaaa_${WRONG_CHECKSUM}`,
        },
      ],
      ['any text at all', { id: 8002, user: mxid('leaver'), device: `'STAYS'`, token: 'my-own-token' }],
      [
        'the text of a macaroon',
        { id: 8003, user: mxid('leaver'), device: `'STAYS'`, token: 'MDAxY2xvY2F0aW9uIHN0b3J5LmV4YW1wbGUK' },
      ],
      ['no device', { id: 8004, user: mxid('leaver'), device: 'NULL', token: 'syt_deviceless' }],
      ['a device that is gone', { id: 8005, user: mxid('leaver'), device: `'GONE'`, token: 'syt_gone' }],
      [
        'a hidden device',
        {
          id: 8006,
          user: mxid('devices'),
          device: `(SELECT min(device_id) FROM devices WHERE hidden)`,
          token: 'syt_hidden',
        },
      ],
      ['a user of another server', { id: 8007, user: FOREIGN, device: `'X'`, token: 'syt_foreign' }],
      ['a deactivated user', { id: 8008, user: mxid('deactivated'), device: `'X'`, token: 'syt_left_over' }],
    ])('takes an access token with %s', async (_, values) => {
      await sql(`INSERT INTO users (name) VALUES (${pg.escapeLiteral(FOREIGN)}) ON CONFLICT DO NOTHING`)
      await insertToken(values)
      expect(await whoami(server.synapse.baseUrl, values.token)).toBe(200)
    })

    test('refuses an access token of a user who does not exist', async () => {
      await insertToken({ id: 8009, user: mxid('nobody'), device: `'X'`, token: 'syt_orphan' })
      expect(await whoami(server.synapse.baseUrl, 'syt_orphan')).toBe(401)
    })

    test('checks the checksum of refresh tokens', async () => {
      const token = `syr_bGVhdmVy_aaaaaaaaaaaaaaaaaaaa_${WRONG_CHECKSUM}`
      await sql(`INSERT INTO refresh_tokens (id, user_id, device_id, token)
                 VALUES (8001, ${pg.escapeLiteral(mxid('leaver'))}, 'STAYS', ${pg.escapeLiteral(token)})`)
      expect(await statusOf(call('POST', '/_matrix/client/v3/refresh', { body: { refresh_token: token } }))).toBe(401)
    })

    test('has no sequence behind the ids of tokens', async () => {
      expect(
        await sql(`SELECT column_default FROM information_schema.columns
                   WHERE table_name IN ('access_tokens', 'refresh_tokens') AND column_name = 'id'`),
      ).toEqual([{ column_default: null }, { column_default: null }])
    })

    test('has two foreign keys among these tables and no more', async () => {
      const keys = await sql(`SELECT conrelid::regclass::text || ': ' || pg_get_constraintdef(oid) AS key
        FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text IN
        ('users', 'user_threepids', 'user_external_ids', 'devices', 'access_tokens', 'refresh_tokens') ORDER BY 1`)
      expect(keys.map(({ key }) => key)).toEqual([
        'access_tokens: FOREIGN KEY (refresh_token_id) REFERENCES refresh_tokens(id) ON DELETE CASCADE',
        'refresh_tokens: FOREIGN KEY (next_token_id) REFERENCES refresh_tokens(id) ON DELETE CASCADE',
      ])
    })
  })

  describe('with its own database', () => {
    test('keeps it in the C collation', async () => {
      expect(
        await sql(`SELECT datcollate, datctype FROM pg_database WHERE datname = ${pg.escapeLiteral(DATABASE)}`),
      ).toEqual([{ datcollate: 'C', datctype: 'C' }])
    })

    test('lower() leaves what is not ASCII', async () => {
      expect(await sql(`SELECT lower('ÄA') AS folded`)).toEqual([{ folded: 'Äa' }])
    })

    test('a new one has no statistics: an estimate says nothing about its rows', async () => {
      const [users] = await sql(`SELECT reltuples FROM pg_class WHERE relname = 'erased_users'`)
      expect(Number(users?.['reltuples'])).toBeLessThanOrEqual(0)
    })

    test('a schema version does not tell its columns: users.locked came after version 80 had been released', async () => {
      // 1.90 began version 80 without this file, 1.91 added it.
      const files = await sql(`SELECT version, file FROM applied_schema_deltas WHERE file LIKE '%users_alter_locked%'`)
      expect(files).toEqual([{ version: 80, file: '80/01_users_alter_locked.sql' }])
    })

    test('builds indexes in the background, the one on access_tokens.refresh_token_id among them', async () => {
      const deadline = Date.now() + 120_000
      while ((await sql('SELECT FROM background_updates')).length > 0 && Date.now() < deadline) await sleep(250)
      expect(await sql('SELECT update_name FROM background_updates')).toEqual([])
      expect(
        await sql(`SELECT FROM pg_indexes WHERE tablename = 'access_tokens' AND indexdef LIKE '%(refresh_token_id)%'`),
      ).toHaveLength(1)
    })
  })
})
