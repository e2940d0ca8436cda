import { describe, expect, it } from 'vitest'
import { type UpstreamArrival, upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import { type Asking, asking } from '../../support/auth0/asking.ts'

const GIVEN = {
  enterprise: { strategy: 'oidc', scim: false },
  users: [{ user_id: 'ann', email: 'ann@example.org', username: 'ann' }],
} as const
const ANN: UpstreamArrival = { connection: 'company', subject: 'ann-at-idp', email: 'ann@example.org' }

const bound = async (
  { ask, standIn }: Asking,
  code: string,
  dependencies: readonly { readonly name: string; readonly version: string }[] = [],
): Promise<void> => {
  const secrets = [
    { name: 'URL', value: standIn.url },
    { name: 'CLIENT_ID', value: standIn.client.id },
    { name: 'CLIENT_SECRET', value: standIn.client.secret },
  ]
  const trigger = [{ id: 'post-login', version: 'v3' }]
  await ask('POST', '/api/v2/actions/actions', {
    name: 'link',
    supported_triggers: trigger,
    code,
    secrets,
    dependencies,
  })
  await ask('POST', '/api/v2/actions/actions/{id}/deploy')
  const bindings = [{ ref: { type: 'action_name', value: 'link' }, display_name: 'link' }]
  expect((await ask('PATCH', '/api/v2/actions/triggers/post-login/bindings', { bindings })).status).toBe(200)
}

const BY_FETCH = `
exports.onExecutePostLogin = async (event, api) => {
  if (event.connection.strategy === 'auth0' || event.user.user_id === 'auth0|ann') return
  const { URL: url, CLIENT_ID, CLIENT_SECRET } = event.secrets
  const json = { 'content-type': 'application/json' }
  const grant = { grant_type: 'client_credentials', client_id: CLIENT_ID, client_secret: CLIENT_SECRET, audience: url + '/api/v2/' }
  const token = await (await fetch(url + '/oauth/token', { method: 'POST', headers: json, body: JSON.stringify(grant) })).json()
  const [provider, ...own] = event.user.user_id.split('|')
  const response = await fetch(url + '/api/v2/users/auth0%7Cann/identities', {
    method: 'POST',
    headers: { ...json, authorization: 'Bearer ' + token.access_token },
    body: JSON.stringify({ provider, user_id: own.join('|') }),
  })
  if (!response.ok) return api.access.deny('not linked: ' + response.status)
  api.authentication.setPrimaryUser('auth0|ann')
  api.user.setAppMetadata('linked', true)
}`

const clientOf = (link: string): string => `
const { ManagementClient } = require('auth0')
exports.onExecutePostLogin = async (event, api) => {
  if (event.user.user_id === 'auth0|ann') return
  const { URL: url, CLIENT_ID, CLIENT_SECRET } = event.secrets
  const management = new ManagementClient({ domain: new URL(url).host, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET })
  const identity = { provider: 'oidc', user_id: event.user.user_id.slice('oidc|'.length) }
  ${link}
  api.authentication.setPrimaryUser('auth0|ann')
}`

describe('an upstream login with an Action', () => {
  it('that links makes them who was there before, now and at the next login', async () => {
    const tenant = await asking(GIVEN)
    await bound(tenant, BY_FETCH)
    const { users } = tenant.standIn.tenant
    expect(await upstreamLogin(tenant.standIn.tenant, ANN)).toEqual({ kind: 'in', userId: 'auth0|ann' })
    expect(users.count()).toBe(1)
    expect((await tenant.ask('GET', '/api/v2/users/auth0%7Cann')).body).toMatchObject({
      app_metadata: { linked: true },
      identities: [{ user_id: 'ann' }, { user_id: 'company|ann-at-idp', connection: 'company' }],
    })
    expect(await upstreamLogin(tenant.standIn.tenant, ANN)).toEqual({ kind: 'in', userId: 'auth0|ann' })
    expect(users.byId('auth0|ann')?.identities).toHaveLength(2)
  })

  it.each([
    [
      '4.37.0',
      "await management.users.link({ id: (await management.users.get({ id: 'auth0|ann' })).data.user_id }, identity)",
    ],
    ['7.1.0', "await management.users.identities.link((await management.users.get('auth0|ann')).user_id, identity)"],
  ])('that links by the package auth0 %s does the same', async (version, link) => {
    const tenant = await asking(GIVEN)
    await bound(tenant, clientOf(link), [{ name: 'auth0', version }])
    expect(await upstreamLogin(tenant.standIn.tenant, ANN)).toEqual({ kind: 'in', userId: 'auth0|ann' })
  })

  it.each([
    ['denies', 'exports.onExecutePostLogin = async (_, api) => api.access.deny("not today")', 'not today'],
    ['throws', 'exports.onExecutePostLogin = async () => { throw new Error("broken") }', 'broken'],
    ['asks for a package that it does not have', 'require("auth0")', "Cannot find module 'auth0'"],
    [
      'names somebody who is not linked',
      'exports.onExecutePostLogin = async (_, api) => api.authentication.setPrimaryUser("auth0|ann")',
      'The user who logged in is not linked with the primary user.',
    ],
  ])('that %s lets nobody in', async (_, code, reason) => {
    const tenant = await asking(GIVEN)
    await bound(tenant, code)
    expect(await upstreamLogin(tenant.standIn.tenant, ANN)).toEqual({ kind: 'denied', reason })
    expect(tenant.standIn.tenant.log.at(-1)).toMatchObject({ type: 'f', description: reason })
  })

  it('runs what was deployed, not the draft that came after it', async () => {
    const tenant = await asking(GIVEN)
    await bound(tenant, 'exports.onExecutePostLogin = async (_, api) => api.access.deny("first")')
    const [action] = tenant.standIn.tenant.actions.values()
    const path = `/api/v2/actions/actions/${action?.id}`
    await tenant.ask('PATCH', path, { code: 'exports.onExecutePostLogin = async () => {}' })
    expect(await upstreamLogin(tenant.standIn.tenant, ANN)).toMatchObject({ reason: 'first' })
    await tenant.ask('POST', `${path}/deploy`)
    expect(await upstreamLogin(tenant.standIn.tenant, ANN)).toMatchObject({ kind: 'in' })
  })

  it('runs for passwords too', async () => {
    const password = 'Correct-horse-9'
    const tenant = await asking({ users: [{ ...GIVEN.users[0], password }] })
    await bound(
      tenant,
      'exports.onExecutePostLogin = async ({ connection }, api) => api.access.deny(connection.strategy)',
    )
    expect((await tenant.logIn('ann', password)).status).toBe(403)
    expect(tenant.standIn.tenant.log.at(-1)).toMatchObject({ type: 'f', description: 'auth0' })
  })

  it('does not run once it is unbound', async () => {
    const tenant = await asking(GIVEN)
    await bound(tenant, 'exports.onExecutePostLogin = async (_, api) => api.access.deny("never")')
    await tenant.ask('PATCH', '/api/v2/actions/triggers/post-login/bindings', { bindings: [] })
    expect(await upstreamLogin(tenant.standIn.tenant, ANN)).toEqual({ kind: 'in', userId: 'oidc|company|ann-at-idp' })
  })
})

describe('an upstream login without one', () => {
  it('makes a profile at the first, and brings it up to date at the next', async () => {
    const { ask, standIn } = await asking(GIVEN)
    const userId = 'oidc|company|ann-at-idp'
    expect(await upstreamLogin(standIn.tenant, ANN)).toEqual({ kind: 'in', userId })
    await upstreamLogin(standIn.tenant, { ...ANN, email: 'Anna@example.org', claims: { name: 'Anna' } })
    expect((await ask('GET', `/api/v2/users/${encodeURIComponent(userId)}`)).body).toMatchObject({
      email: 'anna@example.org',
      name: 'Anna',
      logins_count: 2,
      identities: [{ provider: 'oidc', user_id: 'company|ann-at-idp', isSocial: false }],
    })
  })

  it('keeps out whoever is blocked', async () => {
    const { ask, standIn } = await asking(GIVEN)
    await upstreamLogin(standIn.tenant, ANN)
    await ask('PATCH', '/api/v2/users/oidc%7Ccompany%7Cann-at-idp', { blocked: true })
    expect(await upstreamLogin(standIn.tenant, ANN)).toEqual({ kind: 'denied', reason: 'user is blocked' })
  })
})
