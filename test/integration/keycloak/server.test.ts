import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { admin } from '../../support/keycloak/admin.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { directGrant, newRealm, type TestRealm } from '../../support/keycloak/realm.ts'
import type { KeycloakAddress } from '../../support/keycloak/server.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'

const missing = await whyNoKeycloak()

const SERVER_INFO = z.object({
  providers: z.object({
    'password-hashing': z.object({
      providers: z.object({
        'synapse-bcrypt': z.object({ operationalInfo: z.object({ nonce: z.string(), pepperProof: z.string() }) }),
      }),
    }),
  }),
})

describe.skipIf(missing !== undefined)(
  `the Keycloak of the tests${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let server: KeycloakAddress
    let realm: TestRealm

    beforeAll(async () => {
      server = await sharedKeycloak()
      realm = await newRealm(server, { profile: 'relaxed', identityProviders: ['corporate'], defaultRoles: ['member'] })
    })
    afterAll(() => realm?.remove())

    it('signs in who was made with a password, and nobody with another', async () => {
      const credentials = [{ type: 'password', value: 'correct horse', temporary: false }]
      await realm.admin.post('users', { username: 'ann', enabled: true, credentials })

      expect(await directGrant(realm, 'ann', 'correct horse')).toMatchObject({ status: 200 })
      expect(await directGrant(realm, 'ann', 'wrong')).toMatchObject({ body: { error: 'invalid_grant' } })
    })

    it('has a service account for syn2op that may read the people of its realm only', async () => {
      const token = await fetch(`${realm.url}/realms/${realm.name}/protocol/openid-connect/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: realm.client.id,
          client_secret: realm.client.secret,
        }),
      })
      const { access_token } = z.object({ access_token: z.string() }).parse(await token.json())
      const asked = (name: string): Promise<Response> =>
        fetch(`${realm.url}/admin/realms/${name}/users`, { headers: { authorization: `Bearer ${access_token}` } })

      expect((await asked(realm.name)).status).toBe(200)
      expect((await asked('master')).status).toBe(403)
    })

    it('has the identity providers and default roles that were asked for', async () => {
      const names = z.array(z.object({ alias: z.string() }))
      expect(await realm.admin.get('identity-provider/instances', names)).toEqual([{ alias: 'corporate' }])

      const { defaultRole } = await realm.admin.get('', z.object({ defaultRole: z.object({ id: z.string() }) }))
      const parts = z.array(z.object({ name: z.string() }))
      expect(await realm.admin.get(`roles-by-id/${defaultRole.id}/composites`, parts)).toContainEqual({
        name: 'member',
      })
    })

    it('has our password provider, which knows the pepper of the tests', async () => {
      const { providers } = await admin(server).get('serverinfo', SERVER_INFO)
      const { nonce, pepperProof } = providers['password-hashing'].providers['synapse-bcrypt'].operationalInfo

      const proof = createHmac('sha256', server.pepper ?? '').update(Buffer.from(nonce, 'base64url'))
      expect(pepperProof).toBe(proof.digest('base64url'))
    })
  },
)
