import { describe, expect, it, onTestFinished } from 'vitest'
import type { Person } from '../../../src/accounts/account.ts'
import { importRow } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import type { StandInOptions } from '../../../src/rehearsal/standins/auth0/server.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { checkAuth0 } from '../../../src/targets/auth0/check/check-auth0.ts'
import { neededScopes } from '../../../src/targets/auth0/check/needed-scopes.ts'
import type { Auth0Config, Auth0Provider } from '../../../src/targets/auth0/config/auth0-config.ts'
import { deployLinking } from '../../../src/targets/auth0/links/action/deploy.ts'
import type { TargetCheck } from '../../../src/targets/target.ts'
import { addConnection, type TenantAndApi, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'
import { soundHomeserver } from '../../support/sound-mas.ts'

const { signal } = new AbortController()

const PEPPER = 'k3-Q9of-synapse7zPx-x9'

/** Searches see what was written some seconds later. */
const LONG_AFTER_MS = 60_000

const homeserver = { ...soundHomeserver, serverName: 'demo.example' }

const person = (localpart: string, more: Partial<Person> = {}): Person => ({
  mxid: `@${localpart}:demo.example`,
  localpart,
  isDeactivated: false,
  primaryEmail: `${localpart.length}@demo.example`,
  threepids: [{ medium: 'email', address: `${localpart.length}@demo.example`, addedAt: 0 }],
  ...more,
})

const found = async ({ api, config }: TenantAndApi, more: Partial<TargetCheck> = {}, pepper?: string) => {
  const check: TargetCheck = { homeserver, providersInUse: [], passwords: 0, road: 'merge', ...more }
  const findings = await checkAuth0({ api, config, pepper, check, signal })
  return new Map(findings.map((finding) => [finding.code, finding]))
}

const codes = async (...given: Parameters<typeof found>): Promise<readonly string[]> => [
  ...(await found(...given)).keys(),
]

const everybody = (...people: readonly Person[]): Pick<TargetCheck, 'people'> => ({
  async *people() {
    yield* people
  },
})

const open = async (others: Partial<Auth0Config> = {}, options: Omit<StandInOptions, 'clock'> = {}) => {
  const tenant = await tenantAndApi(others, options)
  const { connection } = tenant.standIn
  connection.options = { ...connection.options, disable_signup: true, brute_force_protection: true }
  return tenant
}

const provider = (link: Auth0Provider['link']): Auth0Provider => ({
  id: 'corp',
  authProvider: 'oidc-corp',
  strategy: 'oidc',
  link,
})

describe('the check of a tenant', () => {
  it('finds nothing to mend in one that was made for it, and writes nothing', async () => {
    const tenant = await open()
    expect(await codes(tenant, everybody(person('ann')))).toEqual(['AUTH0_IMPORT_MAILS'])
    expect(tenant.standIn.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')).toEqual(
      [],
    )
  })

  it.each(['free', 'professional'] as const)('comes to an end within the limits of the plan %s', async (plan) => {
    const tenant = await open({}, { plan })
    expect(await codes(tenant)).toEqual(['AUTH0_IMPORT_MAILS'])
  })

  it('names the scopes that the token lacks, and goes on with what it may read', async () => {
    const tenant = await open()
    const { client, tenant: behind } = tenant.standIn
    const scopes = ['read:connections', 'read:users', 'create:users']
    behind.clients.set(client.id, { ...client, scopes })
    const findings = await found(tenant)
    const lacking = neededScopes(tenant.config).filter((scope) => !scopes.includes(scope))
    expect(lacking).toEqual(expect.arrayContaining(['update:users', 'delete:users', 'read:connections_options']))
    expect(findings.get('AUTH0_SCOPES')).toMatchObject({
      count: lacking.length,
      remedy: expect.arrayContaining(lacking.map((scope) => `tick ${scope}`)),
    })
    expect([...findings.keys()]).toEqual(['AUTH0_SCOPES', 'AUTH0_IMPORT_MAILS', 'AUTH0_REGISTRATION_UNSEEN'])
  })

  it('says nothing of a connection whose options it may not read, but that the scope is missing', async () => {
    const tenant = await open()
    const { client, tenant: behind } = tenant.standIn
    const scopes = client.scopes.filter((scope) => scope !== 'read:connections_options')
    behind.clients.set(client.id, { ...client, scopes })
    const findings = await found(tenant, everybody(person('ann')))
    expect([...findings.keys()]).toEqual(['AUTH0_SCOPES', 'AUTH0_IMPORT_MAILS'])
    expect(findings.get('AUTH0_SCOPES')?.samples).toEqual(['read:connections_options'])
  })

  it('asks for the scopes by which people are made by SCIM only where some are', async () => {
    const tenant = await open({ providers: [provider('scim')] })
    const { client, tenant: behind } = tenant.standIn
    const scopes = client.scopes.filter((scope) => !scope.includes('scim'))
    behind.clients.set(client.id, { ...client, scopes })
    expect((await found(tenant)).get('AUTH0_SCOPES')?.samples).toEqual([
      'read:scim_config',
      'create:scim_token',
      'read:scim_token',
      'delete:scim_token',
    ])
    expect(await codes({ ...tenant, config: { ...tenant.config, providers: [] } })).not.toContain('AUTH0_SCOPES')
  })

  it('says no more than which scopes are missing where connections may not be read', async () => {
    const tenant = await open()
    const { client, tenant: behind } = tenant.standIn
    behind.clients.set(client.id, { ...client, scopes: ['read:users'] })
    expect(await codes(tenant)).toEqual(['AUTH0_SCOPES', 'AUTH0_IMPORT_MAILS'])
  })

  it('ends where the client is given no token', async () => {
    const tenant = await open({ client: { id: 'nobody', secret: 'wrong-secret-55aa' } })
    const failed = await found(tenant).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'target.not-allowed' })
    expect(JSON.stringify(failed)).not.toContain('wrong-secret-55aa')
  })

  it('knows a connection that is not there, or that no application uses', async () => {
    expect(await codes(await open({ connection: 'elsewhere' }))).toContain('AUTH0_CONNECTION_MISSING')
    const tenant = await open()
    tenant.standIn.connection.enabledClients.clear()
    expect(await codes(tenant)).toContain('AUTH0_CONNECTION_UNUSED')
  })

  it('says of a connection that is no database connection just that, and advises no preparation of it', async () => {
    const tenant = await open({ connection: 'corp' })
    addConnection(tenant.standIn, 'corp', 'oidc')
    const findings = await found(tenant, everybody(person('ann', { threepids: [] })))
    expect([...findings.keys()]).toEqual(['AUTH0_IMPORT_MAILS', 'AUTH0_CONNECTION_NO_DATABASE'])
    expect([...findings.values()].flatMap(({ remedy }) => remedy).join('\n')).not.toContain('prepare')
  })

  it('holds everybody against what the connection takes', async () => {
    const tenant = await open()
    const { connection } = tenant.standIn
    connection.options = { ...connection.options, validation: { username: { min: 1, max: 15 } } }
    const nobody = person('bob', { threepids: [] })
    const findings = await found(tenant, everybody(person('a'.repeat(16)), nobody, person('dept/cem')))
    expect(findings.get('AUTH0_USERNAME_LENGTH')?.samples).toEqual([`@${'a'.repeat(16)}:demo.example`])
    expect(findings.get('AUTH0_EMAIL_REQUIRED')?.samples).toEqual(['@bob:demo.example'])
    expect(findings.get('AUTH0_USERNAMES_ESCAPED')?.message).toContain('dept/cem → dept~2fcem')
  })

  it('tells of people who are there, and which of them are ours', async () => {
    const tenant = await open()
    const { standIn, clock } = tenant
    const rows = [
      { email: 'ann@demo.example', app_metadata: { syn2op: { mxid: '@ann:demo.example', server: 'demo.example' } } },
      { email: 'eve@demo.example' },
    ]
    for (const row of rows) importRow(standIn.tenant, standIn.connection, row, { upsert: false })
    await clock.sleep(LONG_AFTER_MS)
    expect((await found(tenant)).get('AUTH0_HAS_PEOPLE')?.message).toMatch(/has 2 users, 1 of them written by syn2op/)
  })

  it('tells of another plan than the one that is named', async () => {
    const tenant = await open({ plan: 'professional' }, { plan: 'enterprise' })
    expect((await found(tenant)).get('AUTH0_PLAN_OTHER')?.message).toMatch(/a limit of 50 .* not of 40/)
  })

  it('knows whether providers lead to connections, and whether SCIM is set up', async () => {
    const inUse = { providersInUse: [{ authProvider: 'oidc-corp', count: 3 }] }
    expect(await codes(await open({ providers: [provider('scim')] }), inUse)).toContain('AUTH0_PROVIDER_UNKNOWN')
    const tenant = await open({ providers: [provider('scim')] })
    const connection = addConnection(tenant.standIn, 'corp', 'oidc')
    expect(await codes(tenant, inUse)).toContain('AUTH0_PROVIDER_NO_SCIM')
    connection.scim = { userIdAttribute: 'externalId', tokens: new Map() }
    expect(await codes(tenant, inUse)).toEqual(['AUTH0_IMPORT_MAILS'])
  })

  it('keeps SCIM from making people of Entra in a connection that knows them by something else', async () => {
    const inUse = { providersInUse: [{ authProvider: 'oidc-corp', count: 3 }] }
    const tenant = await open({ providers: [{ ...provider('scim'), strategy: 'waad' }] })
    const connection = addConnection(tenant.standIn, 'corp', 'waad')
    connection.scim = { userIdAttribute: 'externalId', tokens: new Map() }
    connection.options = { client_secret: 'hush', userid_attribute: 'sub', useCommonEndpoint: false }
    expect(await codes(tenant, inUse)).toContain('AUTH0_PROVIDER_ENTRA_SCIM')
    connection.options = { client_secret: 'hush', userid_attribute: 'oid', useCommonEndpoint: true }
    expect(await codes(tenant, inUse)).toContain('AUTH0_PROVIDER_ENTRA_SCIM')
    connection.options = { client_secret: 'hush', userid_attribute: 'oid' }
    const all = await found(tenant, inUse)
    expect([...all.keys()]).toEqual(['AUTH0_IMPORT_MAILS', 'AUTH0_PROVIDER_ENTRA_SUBJECT'])
    expect(JSON.stringify([...all.values()])).not.toContain('hush')
  })

  it('knows whether the Action runs that is to link people', async () => {
    const inUse = { providersInUse: [{ authProvider: 'oidc-corp', count: 3 }] }
    const tenant = await open({ providers: [provider('action')] })
    addConnection(tenant.standIn, 'corp', 'oidc')
    expect(await codes(tenant, inUse)).toContain('AUTH0_ACTION_MISSING')
    await deployLinking(tenant.api, { config: tenant.config, client: tenant.config.client, signal })
    expect((await found(tenant, inUse)).get('AUTH0_PROVIDER_LINKS_LATER')?.message).toMatch(/which runs/)
    const { client, tenant: behind } = tenant.standIn
    behind.clients.set(client.id, { ...client, scopes: client.scopes.filter((scope) => scope !== 'read:actions') })
    const api = openManagementApi(tenant.config, { clock: tenant.clock })
    onTestFinished(() => api.close())
    const unseen = await found({ ...tenant, api }, inUse)
    expect(unseen.get('AUTH0_PROVIDER_LINKS_LATER')?.remedy.join()).toContain('read:actions')
  })

  it('names the Actions that Auth0 would run for everybody who is imported', async () => {
    const tenant = await open()
    const { standIn } = tenant
    const linking = { code: '', runtime: 'node22', dependencies: [], secrets: [], createdAt: 0, updatedAt: 0 }
    const welcome = {
      ...linking,
      id: 'one',
      name: 'welcome',
      trigger: 'post-user-registration',
      deployed: linking,
    } as const
    standIn.tenant.actions.set('one', welcome)
    standIn.tenant.actions.set('two', { ...welcome, id: 'two', name: 'at logins', trigger: 'post-login', position: 0 })
    expect(await codes(tenant)).toEqual(['AUTH0_IMPORT_MAILS'])
    standIn.tenant.actions.set('one', { ...welcome, position: 0 })
    expect((await found(tenant)).get('AUTH0_REGISTRATION_ACTIONS')).toMatchObject({ samples: ['welcome'], count: 1 })
  })

  it('never tells a pepper', async () => {
    const findings = await found(await open(), { passwords: 5 }, PEPPER)
    expect([...findings.keys()]).toContain('AUTH0_PEPPER')
    expect(JSON.stringify([...findings.values()])).not.toContain(PEPPER)
  })
})
