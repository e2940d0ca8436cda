import { describe, expect, it } from 'vitest'
import { type ProviderTally, providersInUse, providerUse } from '../../../src/synapse/audit/provider-use.ts'

const tally = (authProvider: string, asked: number): ProviderTally => ({
  authProvider,
  identities: asked,
  accounts: asked,
  several: 0,
  asked,
})
const DELEGATED = tally('oauth-delegated', 3)

describe('what the target is asked about', () => {
  it('is every provider by the name that the mapping gives it', () => {
    const tallies = [tally('oidc', 2), tally('oidc-keycloak', 5), DELEGATED]
    expect(providersInUse(tallies, { oidc: 'oidc-keycloak' })).toEqual([
      { authProvider: 'oauth-delegated', count: 3 },
      { authProvider: 'oidc-keycloak', count: 7 },
    ])
  })

  it('is not what the mapping leaves, rows of an earlier attempt with MAS among them', () => {
    expect(providersInUse([DELEGATED, tally('saml', 0)], { 'oauth-delegated': 'leave', 'saml': 'leave' })).toEqual([])
  })
})

describe('the table of providers', () => {
  const decisionOf = (providers: Parameters<typeof providerUse>[0]['rules']['providers']): string | undefined =>
    providerUse({ tallies: [DELEGATED], homeserver: { providers: [] }, rules: { providers }, targets: [] })[0]?.decision

  it('says of an earlier attempt with MAS that it is left where the mapping says so, and never that it is carried', () => {
    expect(decisionOf([])).toBe('unknown')
    expect(decisionOf([{ authProvider: 'oauth-delegated', target: { id: 'x' } }])).toBe('unknown')
    expect(decisionOf([{ authProvider: 'oauth-delegated', target: 'leave' }])).toBe('leave')
  })
  it('has the name that people of the target know a provider by, beside the one that the mapping knows', () => {
    const providers = [{ authProvider: 'oidc-corp', target: { id: 'company' } }]
    const targets = [{ id: 'company', authProvider: 'oidc-corp', called: 'company' }]
    const [use] = providerUse({
      tallies: [tally('oidc-corp', 2)],
      homeserver: { providers: [] },
      rules: { providers },
      targets,
    })
    expect(use).toMatchObject({ decision: 'carry', becomes: 'oidc-corp', called: 'company' })
  })
})
