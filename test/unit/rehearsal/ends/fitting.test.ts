import { describe, expect, it } from 'vitest'
import { fittingTenant } from '../../../../src/rehearsal/ends/auth0/tenant-wish.ts'
import { fittingConfig } from '../../../../src/rehearsal/ends/mas/fitting-config.ts'
import { sectionOf } from '../../../../src/rehearsal/ends/mas/own-config.ts'
import type { HomeserverConfig, SynapseProvider } from '../../../../src/synapse/homeserver.ts'
import { isUlid } from '../../../../src/targets/mas/config/ulid.ts'
import { soundHomeserver } from '../../../support/sound-mas.ts'

const provider = (authProvider: string, others: Partial<SynapseProvider> = {}): SynapseProvider => ({
  authProvider,
  kind: 'oidc',
  path: 'oidc_providers[0]',
  ...others,
})

const homeserver = (...providers: readonly SynapseProvider[]): HomeserverConfig => ({ ...soundHomeserver, providers })

describe('a tenant of Auth0 that fits a homeserver', () => {
  const connections = (...providers: readonly SynapseProvider[]) =>
    fittingTenant(homeserver(...providers)).providers.map(({ authProvider, id, strategy }) => [
      authProvider,
      id,
      strategy,
    ])

  it('has a connection of its own for each provider, of the kind that Auth0 has for it', () => {
    expect(
      connections(
        provider('oidc-keycloak', { issuer: 'https://keycloak.example/realms/company' }),
        provider('oidc-google', { issuer: 'https://accounts.google.com/' }),
        provider('oidc-github', { issuer: 'https://github.com/' }),
        provider('saml', { kind: 'saml' }),
        provider('cas', { kind: 'cas' }),
      ),
    ).toEqual([
      ['oidc-keycloak', 'keycloak', 'oidc'],
      ['oidc-google', 'google', 'google-oauth2'],
      ['oidc-github', 'github', 'github'],
      ['saml', 'saml', 'samlp'],
    ])
  })

  it('gives them names that Auth0 takes, no two the same', () => {
    expect(connections(provider('oidc-our_own.login'), provider('oidc-our-own/login'), provider('oidc-_'))).toEqual([
      ['oidc-our_own.login', 'our-own-login', 'oidc'],
      ['oidc-our-own/login', 'our-own-login-2', 'oidc'],
      ['oidc-_', 'provider', 'oidc'],
    ])
  })

  it('is told the pepper only where there is one', () => {
    expect(fittingTenant(homeserver()).pepper).toBe('disclose')
    const { pepper: _, ...unpeppered } = homeserver()
    expect(fittingTenant(unpeppered).pepper).toBe('withhold')
  })
})

describe('a configuration of MAS that fits a homeserver', () => {
  const providersOf = (...providers: readonly SynapseProvider[]): readonly Record<string, unknown>[] => {
    const { providers: found } = sectionOf(fittingConfig(homeserver(...providers)), 'upstream_oauth2')
    if (!Array.isArray(found)) throw new Error('there is no list of providers')
    return found
  }

  it('has each OpenID provider under the same id each time, and none of SAML and CAS', () => {
    const both = [provider('oidc-one'), provider('oidc-two'), provider('saml', { kind: 'saml' })]
    const ids = providersOf(...both).map(({ id }) => String(id))
    expect(ids.filter(isUlid)).toHaveLength(2)
    expect(new Set(ids).size).toBe(2)
    expect(providersOf(...both).map(({ id }) => id)).toEqual(ids)
  })

  it('makes subjects as Synapse does, where MAS can', () => {
    const claims = providersOf(
      provider('oidc-plain'),
      provider('oidc-claim', { subject: 'the claim oid' }),
      provider('oidc-template', { subject: '{{ user.id }}' }),
      provider('oidc-module', { subject: 'whatever the module company.mapper makes of it' }),
    ).map(({ claims_imports: imports }) => imports)
    expect(claims).toEqual([
      undefined,
      { subject: { template: '{{ user.oid }}' } },
      { subject: { template: '{{ user.id }}' } },
      undefined,
    ])
  })

  it('takes passwords as Synapse has them, with its pepper; none where Synapse takes none', () => {
    const { schemes } = sectionOf(fittingConfig(homeserver()), 'passwords')
    expect(schemes).toMatchObject([
      { version: 1, algorithm: 'bcrypt', unicode_normalization: true, secret: soundHomeserver.pepper },
      { version: 2, algorithm: 'argon2id' },
    ])
    expect(sectionOf(fittingConfig({ ...homeserver(), passwordsEnabled: false }), 'passwords')).toEqual({
      enabled: false,
    })
  })
})
