import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Account } from '../../../../src/accounts/account.ts'
import type { Outcome } from '../../../../src/targets/changes.ts'
import { crowd } from '../../../../src/targets/conformance/people.ts'
import { userIdOf } from '../../../../src/targets/keycloak/accounts/user-id.ts'
import { openKeycloak } from '../../../../src/targets/keycloak/keycloak-target.ts'
import { configOf } from '../../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { emptyRealm, peopleOf } from '../../../support/keycloak/people.ts'
import { declareAttributes } from '../../../support/keycloak/profile.ts'
import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'
import { addSso, loginBySso, ssoReturn } from '../../../support/keycloak/sso-login.ts'
import { type OidcProvider, startOidcProvider } from '../../../support/oidc-provider.ts'

const missing = await whyNoKeycloak()
const SERVER_NAME = 'back.example'
const IDP = { id: 'upstream', authProvider: 'oidc-upstream' }
const people = { serverName: SERVER_NAME, providers: [IDP], primaryEmails: true }
const { signal } = new AbortController()

const USER = z.looseObject({ attributes: z.record(z.string(), z.array(z.string())) })
const SESSIONS = z.array(z.object({ id: z.string() }))
const GROUPS = z.array(z.object({ id: z.string(), path: z.string() }))
const PROFILE = z.looseObject({ attributes: z.array(z.looseObject({ name: z.string() })) })

describe.skipIf(missing !== undefined)(`people at Keycloak${missing === undefined ? '' : ` (${missing})`}`, () => {
  let realm: TestRealm
  let provider: OidcProvider

  beforeAll(async () => {
    realm = await newRealm(await sharedKeycloak(), { profile: 'relaxed' })
    provider = await startOidcProvider({ redirectUris: [ssoReturn(realm, IDP.id)] })
    await addSso(realm, IDP.id, provider)
    await declareAttributes(realm, ['colour'])
    for (const name of ['everybody', 'board']) await realm.admin.post('groups', { name })
    await realm.admin.put(`default-groups/${await groupId('/everybody')}`, {})
  })
  beforeEach(() => emptyRealm(realm))
  afterAll(async () => {
    await realm?.remove()
    await provider?.stop()
  })

  const open = () =>
    openKeycloak({
      config: configOf(realm, { providers: [IDP] }),
      serverName: SERVER_NAME,
      conflicts: { username: 'hold_back', email: 'hold_back', identity: 'hold_back' },
      pepper: undefined,
      signal,
    })

  /** As a run does it, with whoever is gone from the source. */
  const run = async (
    runId: string,
    accounts: readonly Account[],
    gone: readonly Account[] = [],
  ): Promise<readonly Outcome[]> => {
    const target = await open()
    try {
      const decisions = [
        ...accounts.map(({ mxid }) => ({ mxid, decision: 'migrate' }) as const),
        ...gone.map(({ mxid }) => ({ mxid, decision: 'gone' }) as const),
      ]
      const batch = { ordinal: 0, accounts: decisions, read: async () => accounts }
      const changes = await target.plan(batch, { signal, depth: 'quick' })
      const asOf = Date.UTC(2026, 10, 1)
      return await target.apply(changes, { runId, asOf, serverName: SERVER_NAME, mappingSha256: '', signal })
    } finally {
      await target.close()
    }
  }
  const takeBack = async (runId: string, accounts: readonly Account[]): Promise<readonly Outcome[]> => {
    const target = await open()
    try {
      return (await target.rollback?.({ runId, accounts: accounts.map(({ mxid }) => mxid) }, { signal })) ?? []
    } finally {
      await target.close()
    }
  }
  const pathOf = ({ mxid }: Account): string => `users/${userIdOf(realm.name, mxid)}`
  const edit = async (account: Account, change: (user: z.infer<typeof USER>) => object): Promise<void> => {
    await realm.admin.put(pathOf(account), change(await realm.admin.get(pathOf(account), USER)))
  }
  const groupId = async (path: string): Promise<string> => {
    const group = (await realm.admin.get('groups', GROUPS)).find((one) => one.path === path)
    if (group === undefined) throw new Error(`no group ${path}`)
    return group.id
  }
  const loginBy = async ({ localpart, identities: [identity] }: Account, scope = 'openid'): Promise<void> => {
    if (identity === undefined) throw new Error(`${localpart} has no identity to log in by`)
    const person = { subject: identity.subject, username: localpart }
    await loginBySso(realm, { alias: IDP.id, provider, person, scope })
  }
  const roleNamed = (name: string) => realm.admin.get(`roles/${name}`, z.unknown())

  const USES: readonly (readonly [string, (account: Account) => Promise<unknown>])[] = [
    ['changed the password', (account) => realm.admin.put(`${pathOf(account)}/reset-password`, { value: 'mine' })],
    ['logged in by SSO', (account) => loginBy(account)],
    ['gave a name', (account) => edit(account, (user) => ({ ...user, firstName: 'Ann' }))],
    [
      'gave an attribute',
      (account) => edit(account, (user) => ({ ...user, attributes: { ...user.attributes, colour: ['red'] } })),
    ],
    [
      'added a second factor',
      async (account) => {
        const secretData = JSON.stringify({ value: 'c2VjcmV0' })
        const credentialData = JSON.stringify({ subType: 'totp', digits: 6, period: 30, algorithm: 'HmacSHA1' })
        await edit(account, (user) => ({ ...user, credentials: [{ type: 'otp', secretData, credentialData }] }))
      },
    ],
    [
      'was put into a group',
      async (account) => realm.admin.put(`${pathOf(account)}/groups/${await groupId('/board')}`, {}),
    ],
    [
      'was given a role',
      async (account) =>
        realm.admin.post(`${pathOf(account)}/role-mappings/realm`, [await roleNamed('offline_access')]),
    ],
  ]

  it('get the groups of everybody who registers, and are taken back with them', async () => {
    const accounts = crowd(people, 3)
    await run('r1', accounts)
    for (const account of accounts) {
      expect(await realm.admin.get(`${pathOf(account)}/groups`, GROUPS)).toMatchObject([{ path: '/everybody' }])
    }
    expect((await takeBack('r1', accounts)).map(({ outcome }) => outcome)).toEqual(['removed', 'removed', 'removed'])
    expect(await peopleOf(realm)).toEqual([])
  })

  it('stay where they have been used since, in a rollback and when they are gone from the source', async () => {
    const accounts = crowd(people, USES.length + 1)
    await run('r1', accounts)
    for (const [index, [, use]] of USES.entries()) {
      const account = accounts[index]
      if (account !== undefined) await use(account)
    }
    const used = accounts.slice(0, USES.length)
    const back = await takeBack('r1', used)
    expect(back.map(({ mxid, outcome }) => [mxid, outcome]).toSorted()).toEqual(
      used.map(({ mxid }) => [mxid, 'unchanged']).toSorted(),
    )
    const outcomes = await run('r2', [], accounts)
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([...used.map(() => 'unchanged'), 'removed'])
    expect(await peopleOf(realm)).toHaveLength(used.length)
  })

  it('stay while there is an offline token of theirs, and go once a login has ended and left nothing', async () => {
    const accounts = crowd(people, 3)
    await run('r1', accounts)
    const [offline, over] = accounts
    if (offline === undefined || over === undefined) throw new Error('a crowd of three')
    await loginBy(offline, 'openid offline_access')
    await loginBy(over, 'openid')
    for (const one of [offline, over]) {
      for (const { id } of await realm.admin.get(`${pathOf(one)}/sessions`, SESSIONS)) {
        await realm.admin.delete(`sessions/${id}`)
      }
    }
    const back = await takeBack('r1', accounts)
    expect(back.filter(({ outcome }) => outcome === 'unchanged')).toMatchObject([{ mxid: offline.mxid }])
    expect(back.filter(({ outcome }) => outcome === 'removed')).toHaveLength(2)
  })

  it('are told as there where nobody knows any more what of them is of the run', async () => {
    const [spoilt, unnamed] = crowd(people, 2)
    if (spoilt === undefined || unnamed === undefined) throw new Error('a crowd of two')
    await run('r1', [spoilt, unnamed])
    await edit(spoilt, (user) => ({ ...user, attributes: { ...user.attributes, syn2op_written: ['spoilt'] } }))
    await edit(unnamed, (user) => ({ ...user, attributes: { ...user.attributes, syn2op_run: [] } }))
    const outcomes = await takeBack('r1', [spoilt, unnamed])
    expect(outcomes).toHaveLength(2)
    expect(outcomes).toContainEqual(expect.objectContaining({ mxid: unnamed.mxid, outcome: 'removed' }))
    expect(outcomes).toContainEqual(
      expect.objectContaining({
        mxid: spoilt.mxid,
        outcome: 'unchanged',
        message: expect.stringContaining('syn2op_written'),
      }),
    )
  })

  it('keep the way in that they have where Keycloak refuses what the source has become', async () => {
    const [account] = crowd(people, 1)
    if (account === undefined) throw new Error('a crowd of one')
    await run('r1', [account])
    const profile = await realm.admin.get('users/profile', PROFILE)
    const links = async () => (await peopleOf(realm)).map(({ ['links']: held }) => held)
    const before = await links()
    try {
      const required = { roles: ['admin', 'user'] }
      const attributes = profile.attributes.map((one) => (one.name === 'firstName' ? { ...one, required } : one))
      await realm.admin.put('users/profile', { ...profile, attributes })
      const identities = account.identities.map((one) => ({ ...one, subject: 'another' }))
      expect(await run('r2', [{ ...account, identities }])).toMatchObject([{ outcome: 'rejected' }])
      expect(await links()).toEqual(before)
      await realm.admin.put('users/profile', profile)
      expect(await run('r3', [{ ...account, identities }])).toMatchObject([{ outcome: 'updated' }])
      expect(await links()).toEqual([[{ identityProvider: IDP.id, userId: 'another' }]])
    } finally {
      await realm.admin.put('users/profile', profile)
    }
  })
})
