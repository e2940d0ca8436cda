import { describe, expect, test } from 'vitest'
import { ownProviders } from '../../../src/migration/own-providers.ts'

const providers = [
  { authProvider: 'oidc-keycloak', kind: 'oidc', issuer: 'https://id.example.org/realms/people/', path: '' },
  { authProvider: 'oidc-google', kind: 'oidc', issuer: 'https://accounts.example', path: '' },
  { authProvider: 'saml', kind: 'saml', path: '' },
] as const
const stop = { signal: new AbortController().signal }

describe('of the providers of Synapse', () => {
  test('those are the target itself that have its issuer, with a slash at the end or without', async () => {
    const issuers = async () => ['http://127.0.0.1:8080/realms/people', 'https://id.example.org/realms/people']
    expect(await ownProviders({ issuers }, { providers }, stop)).toEqual(['oidc-keycloak'])
  })

  test('none is a target that is no provider', async () => {
    expect(await ownProviders({}, { providers }, stop)).toEqual([])
  })
})
