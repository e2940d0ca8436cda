import { describe, expect, test } from 'vitest'
import type { ProviderUse } from '../../../../src/report/plan-parts.ts'
import { providerFindings } from '../../../../src/synapse/audit/provider-findings.ts'
import { type ProviderTally, providersInUse, providerUse } from '../../../../src/synapse/audit/provider-use.ts'

const tally = (authProvider: string, more: Partial<ProviderTally> = {}): ProviderTally => ({
  authProvider,
  identities: 10,
  accounts: 10,
  several: 0,
  asked: 10,
  ...more,
})

const UUID = '01935d4a-026e-f302-054c-000000000001'
const rules = {
  providers: [
    { authProvider: 'oidc-keycloak', target: { id: UUID } },
    { authProvider: 'oidc-old', target: { id: UUID } },
    { authProvider: 'saml', target: 'leave' },
  ],
} as const
const homeserver = {
  providers: [
    { authProvider: 'oidc-keycloak', kind: 'oidc', path: 'oidc_providers[0]' },
    { authProvider: 'oidc-unused', kind: 'oidc', path: 'oidc_providers[1]' },
  ],
} as const
const targets = [{ id: UUID, authProvider: 'oidc-keycloak' }]

const uses = (...tallies: readonly ProviderTally[]): readonly ProviderUse[] =>
  providerUse({ tallies, homeserver, rules, targets })

describe('the use of providers', () => {
  test('names every provider of the rows and of the homeserver once, with what becomes of it', () => {
    const found = uses(tally('oidc-keycloak'), tally('oidc-old', { identities: 3 }), tally('saml', { identities: 2 }))
    expect(
      found.map(({ authProvider, decision, becomes, atHomeserver }) => [authProvider, decision, becomes, atHomeserver]),
    ).toEqual([
      ['oidc-keycloak', 'carry', 'oidc-keycloak', true],
      ['oidc-old', 'carry', 'oidc-keycloak', false],
      ['saml', 'leave', undefined, false],
      ['oidc-unused', 'unknown', undefined, true],
    ])
  })

  test('tells the target under the mapped names, and not of what the mapping leaves', () => {
    const tallies = [tally('oidc-old'), tally('oidc-keycloak', { asked: 5 }), tally('saml', { asked: 0 })]
    expect(providersInUse(tallies, { 'oidc-old': 'oidc-keycloak', saml: 'leave' })).toEqual([
      { authProvider: 'oidc-keycloak', count: 15 },
    ])
  })
})

describe('provider names that are nearly another’s', () => {
  const codes = (...tallies: readonly ProviderTally[]) => providerFindings(uses(...tallies)).map(({ code }) => code)

  test.each(['Oidc-Keycloak', 'OIDC-KEYCLOAK ', 'keycloak', 'Keycloak', ''])('%j is told', (name) => {
    expect(codes(tally(name))).toEqual(['PROVIDER_NAMES_ALIKE'])
  })

  test.each(['oidc-keycloak', 'oidc-keycloak2', 'saml', 'oidc-old', 'cas'])('%j is not', (name) => {
    expect(codes(tally(name))).toEqual([])
  })

  test('come with the lines of the mapping that bring them home', () => {
    const [told] = providerFindings(uses(tally('keycloak'), tally('', { identities: 4 })))
    expect(told).toMatchObject({ count: 14, severity: 'warning' })
    expect(told?.remedy.slice(2)).toEqual(['providers:', "  'keycloak': oidc-keycloak", "  '': leave"])
  })

  test('come with the name that the target has, where the mapping renames the provider meant', () => {
    const [told] = providerFindings(uses(tally('oidc-old'), tally('OIDC-OLD')))
    expect(told?.remedy.at(-1)).toBe("  'OIDC-OLD': oidc-keycloak")
  })

  test('come without a line that the next run would refuse: what the target lacks is to be added there first', () => {
    const [told] = providerFindings(uses(tally('unused'), tally('keycloak')))
    expect(told?.remedy[1]).toMatch(/does not know oidc-unused yet.*`synapse_idp_id: oidc-unused`/u)
    expect(told?.remedy.slice(3)).toEqual(['providers:', "  'keycloak': oidc-keycloak"])
    expect(providerFindings(uses(tally('unused')))[0]?.remedy.join(' ')).not.toContain('providers:')
  })
})

describe('several identities of one provider', () => {
  test('are counted by account, where they are carried', () => {
    const [told] = providerFindings(uses(tally('oidc-keycloak', { several: 3 }), tally('saml', { several: 5 })))
    expect(told).toMatchObject({ code: 'SEVERAL_IDENTITIES', count: 3, samples: ['oidc-keycloak'] })
  })
})
