import { expect, test } from 'vitest'
import { chooseProvider } from '../../../src/link/choose-provider.ts'
import type { UpstreamProvider } from '../../../src/link/link-place.ts'

const ISSUER = 'https://sso.example.org/realms/matrix'

const provider = (id: string, more: Partial<UpstreamProvider> = {}): UpstreamProvider => ({
  id,
  name: id,
  issuer: ISSUER,
  ...more,
})

const choose = (providers: readonly UpstreamProvider[], asked?: string, issuers: readonly string[] = [ISSUER]) =>
  chooseProvider({ product: 'Synapse', to: 'synapse', providers }, { issuers, asked })

test('the provider whose issuer is the realm is taken', () => {
  const other = provider('oidc-other', { issuer: 'https://sso.example.org/realms/other' })
  const own = provider('oidc-own')
  expect(choose([other, own])).toEqual({ provider: own, findings: [] })
})

test('a slash at the end of an issuer makes no difference', () => {
  const own = provider('oidc-own', { issuer: `${ISSUER}/` })
  expect(choose([own]).provider).toEqual(own)
})

test('a realm may be known by more than one issuer', () => {
  const own = provider('oidc-own')
  expect(choose([own], undefined, ['http://10.0.0.5:8080/realms/matrix', ISSUER]).provider).toEqual(own)
})

test('without such a provider nobody can be linked, and those that there are can be named', () => {
  const { provider: none, findings } = choose([provider('oidc-other', { issuer: 'https://elsewhere.example' })])
  expect(none).toBeUndefined()
  expect(findings).toMatchObject([
    {
      code: 'LINK_PROVIDER_MISSING',
      severity: 'error',
      message: `Synapse has no provider with the issuer ${ISSUER}`,
      remedy: expect.arrayContaining(['--auth-provider oidc-other']),
    },
  ])
})

test('one that is switched off does not count, and is named as that', () => {
  expect(choose([provider('oidc-own', { isOff: true })]).findings).toMatchObject([
    { code: 'LINK_PROVIDER_MISSING', message: expect.stringContaining('switched off') },
  ])
})

test('of several the administrator says which', () => {
  const both = [provider('oidc-one'), provider('oidc-two')]
  expect(choose(both).findings).toMatchObject([
    { code: 'LINK_PROVIDER_SEVERAL', remedy: ['--auth-provider oidc-one', '--auth-provider oidc-two'] },
  ])
  expect(choose(both, 'oidc-two')).toEqual({ provider: both[1], findings: [] })
})

test('one that was named is taken whatever its issuer is called, also by the name in its configuration', () => {
  const own = provider('0193-uuid', { alias: '01JDEMM0KEYC10AK0000000001', issuer: 'http://inside:8080/realms/matrix' })
  expect(choose([own], '01JDEMM0KEYC10AK0000000001').provider).toEqual(own)
  expect(choose([own], 'oidc-nothing').findings).toMatchObject([
    { code: 'LINK_PROVIDER_MISSING', message: 'Synapse has no provider that is called oidc-nothing' },
  ])
})

test('a provider that knows people by another claim finds no link', () => {
  expect(choose([provider('oidc-own', { subject: 'the claim email' })]).findings).toMatchObject([
    { code: 'LINK_SUBJECT_OTHER', severity: 'error', message: expect.stringContaining('by the claim email') },
  ])
})

test('a provider that gives accounts away by their names is warned of', () => {
  expect(choose([provider('oidc-own', { adoptsBy: 'allow_existing_users: true' })]).findings).toMatchObject([
    {
      code: 'LINK_EXISTING_USERS',
      severity: 'warning',
      message: expect.stringContaining('allow_existing_users: true'),
    },
  ])
})
