import { describe, expect, it } from 'vitest'
import { identityProviders } from '../../../../../src/rehearsal/ends/keycloak/identity-providers.ts'
import { derivedWish } from '../../../../../src/rehearsal/ends/keycloak/wish.ts'
import type { SynapseProvider } from '../../../../../src/synapse/homeserver.ts'

const oidc = (authProvider: string, more: Partial<SynapseProvider> = {}): SynapseProvider => ({
  authProvider,
  kind: 'oidc',
  path: 'oidc_providers[0]',
  ...more,
})

const pairs = (synapse: readonly SynapseProvider[], providers: Readonly<Record<string, string>> = {}) =>
  derivedWish(synapse, { providers }).providers.map(({ authProvider, id }) => [authProvider, id])

describe('a keycloak.yaml made of homeserver.yaml', () => {
  it('has every provider under a short name', () => {
    const saml: SynapseProvider = { authProvider: 'saml', kind: 'saml', path: 'saml2_config' }
    expect(pairs([oidc('oidc-google'), oidc('oidc'), saml])).toEqual([
      ['oidc-google', 'google'],
      ['oidc', 'oidc'],
      ['saml', 'saml'],
    ])
  })

  it('has no name twice', () => {
    const saml: SynapseProvider = { authProvider: 'saml', kind: 'saml', path: 'saml2_config' }
    expect(pairs([oidc('oidc-saml'), saml, oidc('oidc-oidc-saml')])).toEqual([
      ['oidc-saml', 'oidc-saml'],
      ['saml', 'saml'],
      ['oidc-oidc-saml', 'oidc-oidc-saml'],
    ])
  })

  it('follows the rules file, which renames providers and leaves some', () => {
    expect(
      pairs([oidc('oidc'), oidc('oidc-old')], { oidc: 'oidc-google', 'oidc-old': 'leave', gone: 'oidc-new' }),
    ).toEqual([
      ['oidc-google', 'google'],
      ['oidc-new', 'new'],
    ])
  })
})

describe('an identity provider of a throw-away realm', () => {
  it('knows the same issuer and client as Synapse, whatever the rules call it, and no secret', () => {
    const synapse = [oidc('oidc', { issuer: 'https://login.example.org/', clientId: 'matrix' })]
    const [made] = identityProviders([{ id: 'company', authProvider: 'oidc-company' }], synapse, {
      providers: { oidc: 'oidc-company' },
    })
    expect(made).toMatchObject({
      alias: 'company',
      providerId: 'oidc',
      enabled: true,
      config: { issuer: 'https://login.example.org/', clientId: 'matrix', clientSecret: 'none' },
    })
  })

  it('speaks SAML where Synapse does', () => {
    const made = identityProviders(
      [{ id: 'idp', authProvider: 'saml' }],
      [{ authProvider: 'saml', kind: 'saml', path: 'saml2_config' }],
      { providers: {} },
    )
    expect(made).toEqual([expect.objectContaining({ alias: 'idp', providerId: 'saml' })])
  })

  it('is made once, though several of Synapse lead to it', () => {
    const providers = ['oidc-a', 'oidc-b'].map((authProvider) => ({ id: 'both', authProvider }))
    expect(identityProviders(providers, [oidc('oidc-a'), oidc('oidc-b')], { providers: {} })).toHaveLength(1)
  })
})
