import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import facts from '../../src/synapse/synapse-catalogue.json' with { type: 'json' }
import { compareSource, loadStory, readSourceRecord, type SourceRecord } from '../support/expected-rows.ts'
import { testPostgres } from '../support/postgres.ts'
import { callSynapse, type Json, MatrixError, whoami } from '../support/synapse/client.ts'
import { delegatingToMas } from '../support/synapse/configuration.ts'
import { installSynapse, whyNoSynapse } from '../support/synapse/install.ts'
import { STORY_SERVER_NAME, type StoryServer, startStoryServer } from '../support/synapse/real-synapse.ts'
import { startSynapse } from '../support/synapse/start.ts'

const DATABASE = 'real_synapse_source'
const DELEGATING = 'real_synapse_source_delegating'

/** SYN2OP_TEST_REQUIRE=all: nothing may be skipped for want of a tool. */
const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()

describe.skipIf(missing)(`a real Synapse 1.163.2 to which the story was told${missing ? ` (${missing})` : ''}`, () => {
  let server: StoryServer
  let record: SourceRecord

  const token = (label: string): string => {
    const text = server.told.labels[label]
    if (text === undefined) throw new Error(`The story noted no ${label}`)
    return text
  }
  const user = (localpart: string) =>
    record.tables.users.find((row) => row['name'] === `@${localpart}:${STORY_SERVER_NAME}`)
  const statusOf = async (answer: Promise<Json>): Promise<{ status: number; code: string }> => {
    try {
      await answer
      return { status: 200, code: '' }
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error
      return { status: error.status, code: String((JSON.parse(error.body) as Json)['errcode']) }
    }
  }
  const login = (mxid: string, password: string) =>
    statusOf(
      callSynapse(server.synapse.baseUrl, 'POST', '/_matrix/client/v3/login', {
        body: { type: 'm.login.password', identifier: { type: 'm.id.user', user: mxid }, password },
      }),
    )
  const refresh = (label: string) =>
    statusOf(
      callSynapse(server.synapse.baseUrl, 'POST', '/_matrix/client/v3/refresh', {
        body: { refresh_token: token(label) },
      }),
    )

  beforeAll(async () => {
    const postgres = testPostgres()
    server = await startStoryServer(await postgres.createDatabase(DATABASE, { encoding: 'UTF8' }))
    const client = await postgres.superuser(DATABASE)
    record = await readSourceRecord(client, server.told.labels)
    await client.end()
  })
  afterAll(() => server?.stop())

  test('its columns are those of our catalogue', async () => {
    const columns = await testPostgres().execute(
      DATABASE,
      `SELECT table_name, column_name, data_type AS type, is_nullable = 'YES' AS nullable
       FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
    )
    const known = facts.versions['1.163.2']
    const real: Record<string, Record<string, unknown>> = {}
    for (const { table_name: table, column_name: column, type, nullable } of columns) {
      if (!(String(table) in known)) continue
      real[String(table)] = { ...real[String(table)], [String(column)]: { type, nullable } }
    }
    expect(real).toEqual(known)
  })

  test('its rows are those of the story, and no others', async () => {
    expect(compareSource(await loadStory('real-synapse'), record)).toEqual([])
  })

  test('users of an application service have an empty hash; outside its exclusive namespace they are nobody’s', () => {
    expect(user('_irc_ghost')).toMatchObject({ password_hash: '', appservice_id: 'irc' })
    expect(user('_irc_Capital')).toMatchObject({ password_hash: '', appservice_id: 'irc' })
    expect(user('shared_bot')).toMatchObject({ password_hash: '', appservice_id: null })
    expect(user('nothing')).toMatchObject({ password_hash: null, appservice_id: null })
  })

  test('creation and upgrade are in seconds, everything else in milliseconds', () => {
    const guest = user(token('upgraded.localpart'))
    const now = Date.now()
    expect(Math.abs(Number(guest?.['creation_ts']) * 1000 - now)).toBeLessThan(180_000)
    expect(Math.abs(Number(guest?.['upgrade_ts']) * 1000 - now)).toBeLessThan(180_000)
    expect(guest).toMatchObject({ is_guest: 0 })
    for (const { added_at } of record.tables.user_threepids) {
      expect(Math.abs(Number(added_at) - now)).toBeLessThan(180_000)
    }
  })

  test('no guest’s token is in a table, though Synapse knows it', async () => {
    const guest = token('guest.mxid')
    expect(record.tables.access_tokens.filter((row) => row['user_id'] === guest)).toEqual([])
    expect(await whoami(server.synapse.baseUrl, token('guest.guest_token'))).toBe(200)
  })

  test('a puppet token is the administrator’s row with the other one’s name in its text', async () => {
    const [puppet] = record.tables.access_tokens.filter((row) => row['token'] === token('admin.puppet'))
    expect(puppet).toMatchObject({
      user_id: '@admin:story.example',
      puppets_user_id: '@devices:story.example',
      device_id: null,
    })
    expect(token('admin.puppet')).toMatch(
      new RegExp(`^syt_${Buffer.from('devices').toString('base64').replace(/=+$/, '')}_`),
    )
    expect(await whoami(server.synapse.baseUrl, token('admin.puppet'))).toBe(200)
  })

  test.each(['devices.twice.first', 'devices.twice.second', 'devices.empty', 'devices.long', 'devices.guest_device'])(
    'the token of %s is accepted',
    async (label) => {
      expect(await whoami(server.synapse.baseUrl, token(label))).toBe(200)
    },
  )

  test.each(['leaver.leaves', 'deactivated.device', 'erased.device', 'forked.access.void'])(
    'the token of %s is refused',
    async (label) => {
      expect(await whoami(server.synapse.baseUrl, token(label))).toBe(401)
    },
  )

  test('every password of the story logs in, but the locked one', async () => {
    for (const [mxid, password] of server.told.passwords) {
      const locked = mxid === '@locked:story.example'
      expect([mxid, await login(mxid, password)]).toEqual([
        mxid,
        locked ? { status: 401, code: 'M_USER_LOCKED' } : { status: 200, code: '' },
      ])
    }
  })

  test('the hash sees NFKC of a password, and 72 bytes of it', async () => {
    expect(await login('@fingers:story.example', 'fianc\u00e9 1')).toEqual({ status: 200, code: '' })
    expect(await login('@longpass:story.example', 'long '.repeat(16).slice(0, 72))).toEqual({ status: 200, code: '' })
    expect(await login('@longpass:story.example', 'long '.repeat(16).slice(0, 71))).toMatchObject({ status: 403 })
  })

  // These change the database: they stand at the end.
  test('a refresh token is refused once its successor’s access token was used', async () => {
    expect(await refresh('rotated.refresh.old')).toMatchObject({ status: 403 })
    expect(await whoami(server.synapse.baseUrl, token('rotated.access.old'))).toBe(200)
  })
  test('the second refresh of a device deletes the first pair', async () => {
    expect(await whoami(server.synapse.baseUrl, token('chained.access.first'))).toBe(401)
    expect(await refresh('chained.refresh.first')).toMatchObject({ status: 401 })
  })
  test('where the first pair is still there, its refresh token is refused, though nothing was used', async () => {
    const pair = {
      refresh: pg.escapeLiteral(token('chained.refresh.first')),
      next: pg.escapeLiteral(token('chained.refresh.second')),
    }
    await testPostgres().execute(
      DATABASE,
      `INSERT INTO refresh_tokens (id, user_id, device_id, token, next_token_id)
       SELECT 9001, user_id, device_id, ${pair.refresh}, id FROM refresh_tokens WHERE token = ${pair.next}`,
    )
    expect(await refresh('chained.refresh.first')).toMatchObject({ status: 403 })
  })
  test('a refresh token works while its successor’s access token is unused', async () => {
    expect(await refresh('pending.refresh.old')).toEqual({ status: 200, code: '' })
    expect(await refresh('chained.refresh.second')).toEqual({ status: 200, code: '' })
  })
  test('a fork voids the other branch', async () => {
    expect(await refresh('forked.refresh.void')).toMatchObject({ status: 401 })
    expect(await refresh('forked.refresh.kept')).toEqual({ status: 200, code: '' })
  })

  describe('stopped, and started again to delegate to MAS', () => {
    const mas = delegatingToMas({ endpoint: 'http://127.0.0.1:9/', secret: 'shared' })

    beforeAll(async () => {
      await server.synapse.stop()
      await testPostgres().createDatabase(DELEGATING, { template: DATABASE })
    })

    test('it starts without what MAS takes over, and asks MAS about tokens', async () => {
      const synapse = await startSynapse(await installSynapse('1.163.2'), {
        database: testPostgres().settings(DELEGATING),
        serverName: STORY_SERVER_NAME,
        settings: mas,
      })
      // Nobody listens on that endpoint, so no token can be judged.
      expect(await whoami(synapse.baseUrl, token('fingers.nfkc'))).toBe(503)
      await synapse.stop()
    })

    test('it refuses to start with passwords of its own, and says so', async () => {
      const starting = startSynapse(await installSynapse('1.163.2'), {
        database: testPostgres().settings(DELEGATING),
        serverName: STORY_SERVER_NAME,
        settings: { ...mas, password_config: { enabled: true } },
      })
      await expect(starting).rejects.toThrow('Password auth cannot be enabled when OAuth delegation is enabled')
    })
  })
})
