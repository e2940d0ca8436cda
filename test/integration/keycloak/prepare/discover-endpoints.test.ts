import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OidcClient } from '../../../../src/synapse/oidc-clients.ts'
import { withEndpoints } from '../../../../src/targets/keycloak/prepare/discover-endpoints.ts'
import { type Answering, answering } from '../../../support/answering.ts'
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
    const client = { ...clientOf(provider.issuer), endpoints: { token: 'https://gateway.example.org/token' } }
    expect((await withEndpoints(client, signal)).endpoints.token).toBe('https://gateway.example.org/token')
  })

  it('are not asked for where Synapse does not', async () => {
    const client = { ...clientOf('http://127.0.0.1:9'), discover: false }
    expect(await withEndpoints(client, signal)).toEqual(client)
  })

  it('stay unknown, with the reason, where the provider is out of reach or none', async () => {
    expect(await withEndpoints(clientOf('http://127.0.0.1:9'), signal)).toMatchObject({
      undiscovered: expect.stringContaining('ECONNREFUSED'),
    })
    expect(await withEndpoints(clientOf(`${provider.issuer}/nowhere`), signal)).toMatchObject({
      undiscovered: expect.stringMatching(/^it answers 4\d\d$/),
    })
  })

  it('are of the provider itself: no redirection is followed, no answer read without end, no other issuer believed', async () => {
    const metadata = (issuer: string): string =>
      JSON.stringify({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
      })
    const said = async (answer: Answering): Promise<unknown> => {
      const server = await answering(answer)
      try {
        return (await withEndpoints(clientOf(server.url), signal)).undiscovered
      } finally {
        await server.stop()
      }
    }
    const elsewhere = `${provider.issuer}/.well-known/openid-configuration`
    expect(await said(() => ({ status: 302, headers: { location: elsewhere } }))).toBe('it answers 302')
    expect(await said(({ url }) => ({ body: metadata(url) + ' '.repeat(2_000_000) }))).toContain('long')
    expect(await said(() => ({ body: metadata('https://evil.example.org') }))).toBe(
      'it calls itself https://evil.example.org',
    )
    expect(await said(({ url }) => ({ body: metadata(url) }))).toBeUndefined()
  })

  it('come with the issuer letter by letter, by which Keycloak compares it', async () => {
    const { issuer } = await withEndpoints(clientOf(`${provider.issuer}/`), signal)
    expect(issuer).toBe(provider.issuer)
  })
})
