import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { providerRules, requireKnownProviders } from '../../../src/mapping/provider-rules.ts'

const KEYCLOAK = { id: 'uuid-of-keycloak', authProvider: 'oidc-keycloak' }
const GITHUB = { id: 'uuid-of-github', authProvider: 'oidc-github' }
const TARGETS = [KEYCLOAK, GITHUB]

const names = fc.constantFrom('oidc-keycloak', 'oidc-github', 'oidc', 'saml', 'cas', 'oidc-old')
const mappings = fc.record({
  file: fc.constant('rules.yaml'),
  providers: fc.dictionary(names, fc.oneof(names, fc.constant('leave'))),
})

describe('where the identities of Synapse’s providers go', () => {
  test('without a word in the mapping, to the provider of the same name', () => {
    expect(providerRules(TARGETS, { providers: {} })).toEqual([
      { authProvider: 'oidc-keycloak', target: { id: 'uuid-of-keycloak' } },
      { authProvider: 'oidc-github', target: { id: 'uuid-of-github' } },
    ])
  })

  test('under another name, after the provider’s own, which wins where both know one subject', () => {
    expect(providerRules(TARGETS, { providers: { 'oidc-old': 'oidc-keycloak' } })).toEqual([
      { authProvider: 'oidc-keycloak', target: { id: 'uuid-of-keycloak' } },
      { authProvider: 'oidc-github', target: { id: 'uuid-of-github' } },
      { authProvider: 'oidc-old', target: { id: 'uuid-of-keycloak' } },
    ])
  })

  test('nowhere, when they are to be left, even those of a name that the target knows', () => {
    expect(providerRules(TARGETS, { providers: { 'oidc-github': 'leave', 'saml': 'leave' } })).toEqual([
      { authProvider: 'oidc-keycloak', target: { id: 'uuid-of-keycloak' } },
      { authProvider: 'oidc-github', target: 'leave' },
      { authProvider: 'saml', target: 'leave' },
    ])
  })

  test('to each other, when the mapping swaps them', () => {
    const swapped = { 'oidc-keycloak': 'oidc-github', 'oidc-github': 'oidc-keycloak' }
    expect(providerRules(TARGETS, { providers: swapped })).toEqual([
      { authProvider: 'oidc-keycloak', target: { id: 'uuid-of-github' } },
      { authProvider: 'oidc-github', target: { id: 'uuid-of-keycloak' } },
    ])
  })

  test('is said once for each name, and only of providers that the target has', () => {
    fc.assert(
      fc.property(mappings, (mapping) => {
        const rules = providerRules(TARGETS, mapping)
        const ruled = rules.map(({ authProvider }) => authProvider)
        expect(new Set(ruled).size).toBe(ruled.length)
        for (const { authProvider, target } of rules) {
          const wanted = mapping.providers[authProvider] ?? authProvider
          const known = TARGETS.find((one) => one.authProvider === wanted)
          expect(target).toEqual(wanted === 'leave' ? 'leave' : { id: known?.id })
        }
      }),
    )
  })
})

/** The error with which a mapping is refused, if it is. */
const refusal = (...given: Parameters<typeof requireKnownProviders>): Syn2opError | undefined => {
  try {
    requireKnownProviders(...given)
    return undefined
  } catch (error) {
    if (error instanceof Syn2opError) return error
    throw error
  }
}

describe('a mapping that names a provider which the target lacks', () => {
  test('is refused with its file and each such provider', () => {
    const providers = { 'oidc-old': 'oidc-keyclock', 'saml': 'leave', 'cas': 'elsewhere', 'oidc': 'oidc-github' }
    const refused = refusal(TARGETS, { file: 'rules.yaml', providers })
    expect(refused).toMatchObject({
      code: 'mapping.invalid',
      message: expect.stringContaining('rules.yaml'),
      problems: [
        {
          message: '`providers.oidc-old`: the target has no provider oidc-keyclock; did you mean oidc-keycloak?',
          at: { file: 'rules.yaml' },
        },
        { message: '`providers.cas`: the target has no provider elsewhere', at: { file: 'rules.yaml' } },
      ],
      next: ['Name one that it has (oidc-keycloak, oidc-github), or `leave`.'],
    })
  })

  test('is told, of a target without any provider, to name those there first', () => {
    const refused = refusal([], { file: 'rules.yaml', providers: { oidc: 'oidc' } })
    expect(refused?.next).toEqual([expect.stringContaining('synapse_idp_id')])
  })

  test('is refused exactly when a rule would be lost', () => {
    fc.assert(
      fc.property(mappings, (mapping) => {
        const ruled = new Set(providerRules(TARGETS, mapping).map(({ authProvider }) => authProvider))
        const lost = Object.keys(mapping.providers).filter((name) => !ruled.has(name))
        expect(refusal(TARGETS, mapping)?.problems ?? []).toHaveLength(lost.length)
      }),
    )
  })
})
