import { expect, it, onTestFinished } from 'vitest'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import type { WriteAnswer } from '../../../src/targets/auth0/api/answers.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { provision } from '../../../src/targets/auth0/links/scim/provision.ts'
import { openTenant } from '../../../src/targets/auth0/open-tenant.ts'
import { person, type WithScim, withScim } from '../../support/auth0/scim-people.ts'
import { answering, type Tampering, tampered } from '../../support/auth0/tampered-api.ts'
import { plainMapping } from '../../support/migration/requests.ts'

const { signal } = new AbortController()

const EMAIL = 'anna@example.org'

const anna = person('anna', {
  primaryEmail: EMAIL,
  threepids: [{ medium: 'email', address: EMAIL, addedAt: 0 }],
})

/** Links Anna, who has moved before, by SCIM that answers as it is told to. */
const linkAnna = async (tenant: WithScim, tampering: Tampering): Promise<WriteAnswer> => {
  const { config, clock } = tenant
  await (await tenant.open()).migrate({ accounts: [{ ...anna, identities: [] }] })
  const api = openManagementApi(config, { clock })
  const parts = openTenant(tampered(api, tampering), {
    config,
    serverName: 'example.org',
    conflicts: plainMapping.conflicts,
    pepper: undefined,
  })
  onTestFinished(async () => {
    await parts.close()
    await api.close()
  })
  const link = { connection: 'corp', subject: 'anna-at-idp', how: 'scim' } as const
  await parts.census.known(signal)
  return provision(parts, { id: userIdOf(config.connection, anna.mxid), link, closing: { app_metadata: {} } }, signal)
}

const corpIdentity = { connection: 'corp', provider: 'oidc', userId: `corp|${EMAIL}`, isSocial: false }

const isMaking = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'POST' && path.startsWith('//scim/')

const idsIn = ({ standIn }: WithScim): readonly string[] =>
  [...standIn.tenant.users.all()].map(({ userId }) => userId).toSorted()

it('takes back whom SCIM has just made under an id that no login would find', async () => {
  const tenant = await withScim()
  const answer = await linkAnna(tenant, (request, ask) => {
    if (!isMaking(request) || tenant.corp.scim === undefined) return undefined
    tenant.corp.scim = { ...tenant.corp.scim, userIdAttribute: 'userName' }
    return ask()
  })
  expect(answer).toMatchObject({ kind: 'refused', words: expect.stringContaining(`oidc|corp|${EMAIL}`) })
  expect(idsIn(tenant)).toEqual([userIdOf(tenant.config.connection, anna.mxid)])
})

it.each<[string, Partial<User>]>([
  ['logged in', { loginsCount: 1, lastLogin: 1 }],
  ['been given a name', { names: { given_name: 'Anna' } }],
  ['been given metadata', { appMetadata: { plan: 'gold' } }],
  ['been linked to somebody', { identities: [corpIdentity, { ...corpIdentity, userId: 'corp|another' }] }],
])('leaves whom SCIM has just made under another id who has %s before they are looked at', async (_, told) => {
  const tenant = await withScim()
  const { users } = tenant.standIn.tenant
  const strayId = `oidc|corp|${EMAIL}`
  const answer = await linkAnna(tenant, async (request, ask) => {
    if (!isMaking(request) || tenant.corp.scim === undefined) return ask()
    tenant.corp.scim = { ...tenant.corp.scim, userIdAttribute: 'userName' }
    const made = await ask()
    const stray = users.byId(strayId)
    if (stray !== undefined) users.put({ ...stray, ...told })
    return made
  })
  expect(answer).toMatchObject({ kind: 'refused', words: expect.stringContaining('it stays') })
  expect(users.byId(strayId)).toMatchObject(told)
})

it.each([
  ['was there before', {}],
  ['was there before, and has a name', { names: { given_name: 'Bert' } }],
])('leaves whom SCIM names who %s', async (_, others: Partial<User>) => {
  const tenant = await withScim()
  const now = tenant.clock.now()
  const bert: User = {
    userId: 'oidc|corp|bert',
    identities: [{ connection: 'corp', provider: 'oidc', userId: 'corp|bert', isSocial: false }],
    names: {},
    blocked: false,
    appMetadata: {},
    userMetadata: {},
    createdAt: now,
    updatedAt: now,
    loginsCount: 0,
    ...others,
  }
  tenant.standIn.tenant.users.put(bert)
  const answer = await linkAnna(tenant, (request) =>
    isMaking(request) ? answering(201, { id: bert.userId }) : undefined,
  )
  expect(answer).toMatchObject({ kind: 'refused', words: expect.stringContaining('it stays') })
  expect(tenant.standIn.tenant.users.byId(bert.userId)).toEqual(bert)
})
