import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StandInHomeserver, startStandInHomeserver } from '../../../src/rehearsal/ends/mas/stand-in-homeserver.ts'

const SECRET = 'shared-by-both'

describe('what stands in for Synapse beside a MAS', () => {
  let homeserver: StandInHomeserver

  beforeAll(async () => {
    // Nobody answers there.
    const masUrl = 'http://127.0.0.1:9/'
    homeserver = await startStandInHomeserver({ masUrl, secret: SECRET, serverName: 'demo.example' })
  })
  afterAll(() => homeserver.stop())

  const ask = (path: string, token?: string, body?: unknown): Promise<Response> =>
    fetch(new URL(path, homeserver.url), {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    })

  it('does what MAS asks for, and tells it of everybody', async () => {
    const device = { localpart: 'anna', device_id: 'PHONE' }
    expect((await ask('_synapse/mas/upsert_device', SECRET, device)).status).toBe(200)
    expect((await ask('_synapse/mas/delete_device', SECRET, device)).status).toBe(204)
    const user = await ask('_synapse/mas/query_user?localpart=anna', SECRET)
    expect(await user.json()).toMatchObject({ user_id: '@anna:demo.example', is_deactivated: false })
  })

  it('takes nobody else for MAS', async () => {
    for (const token of [undefined, 'another']) {
      expect((await ask('_synapse/mas/upsert_device', token, {})).status).toBe(403)
    }
  })

  it('says nothing of a token while MAS does not answer', async () => {
    expect((await ask('_matrix/client/v3/account/whoami')).status).toBe(401)
    expect((await ask('_matrix/client/v3/account/whoami', 'syt_token')).status).toBe(503)
    expect((await ask('_matrix/client/v3/sync', 'syt_token')).status).toBe(404)
  })
})
