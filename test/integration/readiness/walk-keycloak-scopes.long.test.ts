import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { whyNoChromium } from '../../support/browser/chromium.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { type KeycloakServer, startKeycloak } from '../../support/keycloak/server.ts'
import { newWalkRealm, type WalkRealm } from '../../support/keycloak/walk-realm.ts'
import { inShort, walked } from '../../support/readiness/walked.ts'

const missing = (await whyNoKeycloak()) ?? whyNoChromium()

/** What a walk's remedy tells to make: the device is what follows the name of its scope. */
const SCOPES = ['urn:matrix:client', 'urn:matrix:org.matrix.msc2967.client'].flatMap((prefix) => [
  { name: `${prefix}:api:*`, attributes: {} },
  { name: `${prefix}:device`, attributes: { 'is.parameterized.scope': 'true', 'parameterized.scope.type': 'string' } },
])

// A server of its own, built with an experimental feature: two minutes the first time.
describe.skipIf(missing !== undefined)(
  `a walk with a Keycloak that has the scopes of Matrix${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let server: KeycloakServer
    let realm: WalkRealm

    beforeAll(async () => {
      server = await startKeycloak({ postgres: inject('testPostgres'), features: ['parameterized-scopes'] })
      realm = await newWalkRealm(server)
      for (const { name, attributes } of SCOPES) {
        const { location } = await realm.admin.post('client-scopes', {
          name,
          protocol: 'openid-connect',
          attributes: { 'include.in.token.scope': 'true', ...attributes },
        })
        await realm.admin.put(`default-optional-client-scopes/${location?.split('/').at(-1)}`, {})
      }
    }, 400_000)
    afterAll(() => server?.stop())

    test('passes but for whoami, and for what Keycloak lives on after a log-out', async () => {
      const walk = await walked({ issuer: realm.issuer, account: realm.account })
      expect(inShort(walk)).toEqual([
        'metadata: ok',
        'registration: ok',
        'authorization, unstable scope: ok',
        'token: ok',
        'whoami: skipped',
        'refresh: ok',
        'lost answer: ok',
        'revocation: differs: The refresh token outlives the log-out: who has it is logged in still, and Matrix wants both ended',
        'authorization, stable scope: ok',
        'token, stable scope: ok',
        'whoami, stable scope: skipped',
        'revocation, stable scope: ok',
        'clean-up: ok',
      ])
      expect(await realm.left()).toEqual({ sessions: 0, clients: [] })
    })
  },
)
