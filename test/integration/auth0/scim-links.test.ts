import { hashSync } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../src/accounts/account.ts'
import { upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import { accountOf, countOutcomes, PEPPER } from '../../support/auth0/migration.ts'
import {
  anna,
  expectLinked,
  insist,
  person,
  primaryOf,
  scimUser,
  takeBack,
  withScim,
} from '../../support/auth0/scim-people.ts'

const { signal } = new AbortController()

const addressed = (address: string): Partial<Account> => ({
  primaryEmail: address,
  threepids: [{ medium: 'email', address, addedAt: 0 }],
})

describe('people whose identities are made by SCIM', () => {
  it('are one user of both, and unchanged when all is done again', async () => {
    const tenant = await withScim()
    const opened = await tenant.open()
    const locked = person('bert', { isLocked: true })
    const accounts = [anna, locked, accountOf('carl')]
    expect(countOutcomes(await opened.migrate({ accounts }))).toEqual({ created: 3 })
    expectLinked(tenant, anna)
    expectLinked(tenant, locked)
    expect(scimUser(tenant, locked)).toMatchObject({ blocked: true })
    expect(tenant.standIn.tenant.users.count()).toBe(3)
    const from = tenant.asked().length
    expect(countOutcomes(await opened.migrate({ accounts }, { runId: 'run-2' }))).toEqual({ unchanged: 3 })
    const other = await tenant.open()
    const proved = await other.plan({ accounts }, { depth: 'thorough', proof: true })
    expect(proved.accounts.map(({ change }) => change)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(tenant.asked(from).filter((asked) => /^(PATCH|POST users|DELETE users)/u.test(asked))).toEqual([])
  })

  it('come to the linked person when they log in by their identity provider, and stay as they are', async () => {
    const tenant = await withScim()
    const opened = await tenant.open()
    await opened.migrate({ accounts: [anna] })
    const arrival = { connection: 'corp', subject: 'anna-at-idp', claims: { name: 'Anna of Corp' } }
    expect(await upstreamLogin(tenant.standIn.tenant, arrival)).toEqual({ kind: 'in', userId: primaryOf(anna) })
    expectLinked(tenant, anna)
    const again = await tenant.open()
    expect(countOutcomes(await again.migrate({ accounts: [anna] }, { runId: 'run-2' }))).toEqual({ unchanged: 1 })
  })

  it('get in with the password that they had at Synapse, and have one account for both ways', async () => {
    const tenant = await withScim()
    const { id, secret } = tenant.standIn.client
    const { target, migrate } = await tenant.open({ config: { application: { id, secret } } })
    const password = 'Correct-horse-9'
    await migrate({ accounts: [{ ...anna, passwordHash: hashSync(password + PEPPER, 4) }] })
    expect(await target.login?.({ mxid: anna.mxid, password }, { signal })).toEqual({ mxid: anna.mxid, loggedIn: true })
    await upstreamLogin(tenant.standIn.tenant, { connection: 'corp', subject: 'anna-at-idp' })
    expect(scimUser(tenant, anna)).toMatchObject({ loginsCount: 2 })
  })

  it.each([0, 1, 2, 3])(
    'get a new password of Synapse while they have not used Auth0, over a run that dies (%i)',
    async (dies) => {
      let writes = Number.NEGATIVE_INFINITY
      const isStruck = (method: string): boolean => method !== 'GET' && ++writes > dies && writes <= dies + 3
      const tenant = await withScim({ faults: dies === 0 ? [] : [{ kind: 'error before', on: isStruck }] })
      const [before, after] = ['Correct-horse-9', 'Another-horse-9'].map((password) => hashSync(password + PEPPER, 4))
      await insist(tenant, [{ ...anna, passwordHash: before ?? '' }])
      writes = 0
      await insist(tenant, [{ ...anna, passwordHash: after ?? '' }], 'run-2')
      expectLinked(tenant, anna)
      const { id, secret } = tenant.standIn.client
      const { target, migrate } = await tenant.open({ config: { application: { id, secret } } })
      expect(countOutcomes(await migrate({ accounts: [{ ...anna, passwordHash: after ?? '' }] }))).toEqual({
        unchanged: 1,
      })
      const login = await target.login?.({ mxid: anna.mxid, password: 'Another-horse-9' }, { signal })
      expect(login).toEqual({ mxid: anna.mxid, loggedIn: true })
    },
  )

  it('follow what Synapse changes of them, in the database and in common', async () => {
    const tenant = await withScim()
    await insist(tenant, [anna])
    const changed = { ...anna, username: 'anna-renamed', isLocked: true, isAdmin: true }
    await insist(tenant, [changed], 'run-2')
    expectLinked(tenant, changed)
    expect(scimUser(tenant, anna)).toMatchObject({
      blocked: true,
      appMetadata: { matrix: { admin: true } },
      identities: [{}, { profileData: { username: 'anna-renamed' } }],
    })
    const opened = await tenant.open()
    expect(countOutcomes(await opened.migrate({ accounts: [changed] }, { runId: 'run-3' }))).toEqual({ unchanged: 1 })
  })

  it.each([
    ['name', { username: 'anna-2' }, { username: 'anna-3' }],
    ['address', addressed('anna-2@example.org'), addressed('anna-3@example.org')],
  ])('are still ours to change where a run died between their %s and what is noted of it', async (_, second, third) => {
    let patches = Number.NEGATIVE_INFINITY
    // The first one is of the identity, the second of what is noted.
    const isNoted = (method: string): boolean => method === 'PATCH' && ++patches > 1 && patches <= 4
    const tenant = await withScim({ faults: [{ kind: 'error before', on: isNoted }] })
    await insist(tenant, [anna])
    patches = 0
    const opened = await tenant.open()
    await expect(opened.migrate({ accounts: [{ ...anna, ...second }] }, { runId: 'run-2' })).rejects.toThrow()
    await insist(tenant, [{ ...anna, ...second }], 'run-3')
    const again = await tenant.open()
    expect(countOutcomes(await again.migrate({ accounts: [{ ...anna, ...third }] }, { runId: 'run-4' }))).toEqual({
      updated: 1,
    })
    expect(countOutcomes(await takeBack(again, [anna]))).toEqual({ removed: 1 })
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it('keep whatever was noted of a user who had been moved without', async () => {
    const tenant = await withScim()
    await insist(tenant, [{ ...anna, identities: [] }])
    const user = tenant.userOf(anna)
    if (user === undefined) throw new Error('nobody there')
    tenant.standIn.tenant.users.put({ ...user, userMetadata: { colour: 'green' } })
    await insist(tenant, [anna], 'run-2')
    expectLinked(tenant, anna)
    expect(scimUser(tenant, anna)).toMatchObject({ userMetadata: { colour: 'green' } })
  })

  it('keep their user_id once they have logged in by it, and the identity is told as left', async () => {
    const tenant = await withScim()
    await insist(tenant, [{ ...anna, identities: [] }])
    const user = tenant.userOf(anna)
    if (user === undefined) throw new Error('nobody there')
    tenant.standIn.tenant.users.put({ ...user, loginsCount: 1, lastLogin: tenant.clock.now() })
    const { plan } = await tenant.open()
    const { accounts } = await plan({ accounts: [anna] }, { depth: 'thorough' })
    expect(accounts).toMatchObject([
      {
        change: 'unchanged',
        rows: expect.arrayContaining([
          { relation: 'external_id', create: 0, update: 0, remove: 0, unchanged: 0, theirs: 0, foreign: 1 },
        ]),
      },
    ])
    expect(scimUser(tenant, anna)).toBeUndefined()
  })

  it('are told of, and not touched, where Synapse has their identity no longer', async () => {
    const tenant = await withScim()
    await insist(tenant, [anna])
    const opened = await tenant.open()
    const outcomes = await opened.migrate({ accounts: [{ ...anna, identities: [] }] }, { runId: 'run-2' })
    expect(outcomes).toMatchObject([{ outcome: 'rejected', message: expect.stringContaining(primaryOf(anna)) }])
    expectLinked(tenant, anna)
  })
})
