import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OidcClient } from '../../../../src/synapse/oidc-clients.ts'
import { withEndpoints } from '../../../../src/targets/keycloak/prepare/discover-endpoints.ts'
import { type OidcProvider, startOidcProvider } from '../../../support/oidc-provider.ts'

describe('the endpoints of a provider of Synapse', () => {
  let provider: OidcProvider
  const signal = new AbortController().signal
  const clientOf = (issuer: string): OidcClient => ({
    path: 'oidc_providers[0]',
    issuer,
    clientId: 'synapse',
    clientAuthMethod: 'client_secret_basic',
    scopes: ['openid'],
    discover: true,
    endpoints: {},
  })

  beforeAll(async () => {
    provider = await startOidcProvider({ redirectUris: [] })
  })
  afterAll(() => provider.stop())

  it('are asked of the provider, as Synapse does', async () => {
    const { endpoints } = await withEndpoints(clientOf(provider.issuer), signal)
    for (const name of ['authorization', 'token', 'jwks'] as const) {
      expect(endpoints[name]).toMatch(new RegExp(`^${RegExp.escape(provider.issuer)}`))
    }
  })

  it('are those of homeserver.yaml where it names one', async () => {
    const client = { ...clientOf(provider.issuer), endpoints: { token: 'https://proxy.example.org/token' } }
    expect((await withEndpoints(client, signal)).endpoints.token).toBe('https://proxy.example.org/token')
  })

  it('are not asked for where Synapse does not', async () => {
    const client = { ...clientOf('http://127.0.0.1:9'), discover: false }
    expect(await withEndpoints(client, signal)).toEqual(client)
  })

  it('stay unknown, with the reason, where the provider is out of reach or none', async () => {
    expect(await withEndpoints(clientOf('http://127.0.0.1:9'), signal)).toMatchObject({
      undiscovered: 'it does not answer',
    })
    expect(await withEndpoints(clientOf(`${provider.issuer}/nowhere`), signal)).toMatchObject({
      undiscovered: expect.stringMatching(/^it answers 4\d\d$/),
    })
  })
})
