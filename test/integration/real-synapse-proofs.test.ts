import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tryPassword } from '../../src/migration/proofs/try-password.ts'
import { tryToken } from '../../src/migration/proofs/try-token.ts'
import { testPostgres } from '../support/postgres.ts'
import { whyNoSynapse } from '../support/synapse/install.ts'
import { type StoryServer, startStoryServer } from '../support/synapse/real-synapse.ts'

const DATABASE = 'real_synapse_proofs'

/** SYN2OP_TEST_REQUIRE=all: nothing may be skipped for want of a tool. */
const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()

describe.skipIf(missing)(`proofs at a real Synapse 1.163.2${missing ? ` (${missing})` : ''}`, () => {
  const postgres = testPostgres()
  const { signal } = new AbortController()
  let server: StoryServer

  interface Row {
    readonly mxid: string
    readonly device: string | null
    readonly token: string
  }
  const query = async (text: string): Promise<readonly Row[]> =>
    (await postgres.execute(DATABASE, text)) as unknown as readonly Row[]
  const tokensWhere = (condition: string) =>
    query(`SELECT t.user_id AS mxid, t.device_id AS device, t.token FROM access_tokens t
           LEFT JOIN users u ON u.name = t.user_id WHERE ${condition} ORDER BY t.id`)
  const devices = () => query('SELECT user_id AS mxid, device_id AS device FROM devices ORDER BY 1, 2')

  beforeAll(async () => {
    server = await startStoryServer(await postgres.createDatabase(DATABASE, { encoding: 'UTF8' }))
  })
  afterAll(() => server?.stop())

  test('a token of a living person is that of the same user and device', async () => {
    const rows = await tokensWhere(
      `t.puppets_user_id IS NULL AND u.deactivated = 0 AND u.is_guest = 0 AND u.appservice_id IS NULL
       AND NOT u.locked AND t.valid_until_ms IS NULL AND t.refresh_token_id IS NULL AND t.device_id <> ''`,
    )
    expect(rows.length).toBeGreaterThan(2)
    for (const { mxid, device, token } of rows) {
      const given = { mxid, token, ...(device !== null && { device }) }
      expect([mxid, device, await tryToken(given, server.synapse.baseUrl, signal)]).toEqual([
        mxid,
        device,
        { worked: true },
      ])
    }
  })

  test('a token that Synapse never gave, or gave for another device, is told from it', async () => {
    const [row] = await tokensWhere(`t.device_id = 'LAPTOP' AND t.puppets_user_id IS NULL`)
    if (row === undefined) throw new Error('The story has a laptop')
    const { baseUrl } = server.synapse
    expect(await tryToken({ mxid: row.mxid, token: 'syt_unknown' }, baseUrl, signal)).toEqual({
      worked: false,
      answer: '401 M_UNKNOWN_TOKEN',
    })
    expect(await tryToken({ mxid: row.mxid, device: 'OTHER', token: row.token }, baseUrl, signal)).toEqual({
      worked: false,
      answer: 'is taken for the device LAPTOP',
    })
  })

  test('a password logs in and out, and leaves no device behind; a wrong one does not', async () => {
    const before = await devices()
    const working = [...server.told.passwords].slice(0, 4)
    const results = []
    for (const [mxid, password] of working) {
      results.push(await tryPassword({ mxid, password }, server.synapse.baseUrl, signal))
    }
    expect(results).toContainEqual({ worked: true })
    expect(results.every(({ worked, answer }) => worked || answer === '401 M_USER_LOCKED')).toBe(true)
    const [mxid = ''] = working[0] ?? []
    expect(await tryPassword({ mxid, password: 'not this one' }, server.synapse.baseUrl, signal)).toEqual({
      worked: false,
      answer: '403 M_FORBIDDEN',
    })
    expect(await devices()).toEqual(before)
  })
})
