import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAdminApi } from '../../../../src/targets/keycloak/api/admin-api.ts'
import { countUpgraded } from '../../../../src/targets/keycloak/upgraded/count-upgraded.ts'
import { configOf } from '../../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { declareAttributes } from '../../../support/keycloak/profile.ts'
import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'

const missing = await whyNoKeycloak()

const OF_SYNAPSE = {
  type: 'password',
  credentialData: JSON.stringify({ hashIterations: 6, algorithm: 'synapse-bcrypt', additionalParameters: {} }),
  secretData: JSON.stringify({ value: `$2a$06$${'a'.repeat(53)}`, additionalParameters: {} }),
}
const OF_KEYCLOAK = { type: 'password', value: 'correct horse' }

describe.skipIf(missing !== undefined)(`status --upgraded${missing === undefined ? '' : ` (${missing})`}`, () => {
  let realm: TestRealm

  beforeAll(async () => {
    realm = await newRealm(await sharedKeycloak(), { profile: 'relaxed' })
    await declareAttributes(realm)
  })
  afterAll(() => realm?.remove())

  it('counts whose password Keycloak has hashed anew, of the people of this homeserver only', async () => {
    const user = (name: string, server: string, credentials: readonly object[]): object => ({
      username: name,
      enabled: true,
      attributes: { syn2op_server: [server] },
      credentials,
    })
    const users = [
      ...['a', 'b', 'c'].map((name) => user(name, 'example.org', [OF_SYNAPSE])),
      ...['d', 'e'].map((name) => user(name, 'example.org', [OF_KEYCLOAK])),
      user('f', 'example.org', []),
      user('g', 'other.org', [OF_SYNAPSE]),
      { username: 'h', enabled: true, credentials: [OF_SYNAPSE] },
    ]
    await realm.admin.post('partialImport', { ifResourceExists: 'FAIL', users })
    const seen: string[] = []
    const progress = {
      phase: () => {},
      note: () => {},
      advance: (work: string, done: number, total: number) => void seen.push(`${work} ${done} of ${total}`),
    }
    const api = openAdminApi(configOf(realm))
    try {
      const { signal } = new AbortController()
      expect(await countUpgraded({ api, serverName: 'example.org', progress, signal })).toEqual({
        anew: 2,
        asMoved: 3,
        without: 1,
      })
      expect(seen).toHaveLength(6)
      expect(seen.at(-1)).toBe('passwords 6 of 6')
      const stop = AbortSignal.abort(new Error('stopped'))
      await expect(countUpgraded({ api, serverName: 'example.org', progress, signal: stop })).rejects.toThrow('stopped')
    } finally {
      await api.close()
    }
  })
})
