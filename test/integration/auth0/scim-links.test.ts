import { hashSync } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../src/accounts/account.ts'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import type { StandInOptions } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { Connection, User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import {
  accountOf,
  countOutcomes,
  type OpenTarget,
  PEPPER,
  type TenantToFill,
  tenantToFill,
} from '../../support/auth0/migration.ts'
import { addConnection } from '../../support/auth0/tenant-and-api.ts'
import { plainMapping } from '../../support/migration/requests.ts'

const { signal } = new AbortController()
const CORP = { id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'scim' } as const

interface WithScim extends TenantToFill {
  readonly corp: Connection
}

const withScim = async (options: Omit<StandInOptions, 'clock'> = {}): Promise<WithScim> => {
  const tenant = await tenantToFill(options, { providers: [CORP] })
  const corp = addConnection(tenant.standIn, 'corp', 'oidc')
  corp.scim = { userIdAttribute: 'externalId', tokens: new Map() }
  return { ...tenant, corp }
}

const person = (localpart: string, fields: Partial<Account> = {}): Account =>
  accountOf(localpart, {
    identities: [{ authProvider: 'oidc-corp', providerId: 'corp', subject: `${localpart}-at-idp` }],
    ...fields,
  })

const anna = person('anna')
const primaryOf = ({ localpart }: Account): string => `oidc|corp|${localpart}-at-idp`

const scimUser = ({ standIn }: TenantToFill, account: Account): User | undefined =>
  standIn.tenant.users.byId(primaryOf(account))

/** Whoever is there: one user, of SCIM, with the identity of the database. */
const expectLinked = (tenant: WithScim, account: Account): void => {
  const id = userIdOf(tenant.standIn.connection.name, account.mxid)
  expect(tenant.userOf(account)).toBeUndefined()
  expect(scimUser(tenant, account)).toMatchObject({
    identities: [{ provider: 'oidc' }, { provider: 'auth0', userId: id.slice('auth0|'.length) }],
    appMetadata: { syn2op: { mxid: account.mxid }, matrix: { created_at: expect.any(String) } },
  })
  expect(scimUser(tenant, account)?.appMetadata['syn2op']).not.toHaveProperty('u')
}

const addressed = (address: string): Partial<Account> => ({
  primaryEmail: address,
  threepids: [{ medium: 'email', address, addedAt: 0 }],
})

const takeBack = async ({ target }: OpenTarget, accounts: readonly Account[], runId = 'run-1') =>
  (await target.rollback?.({ runId, accounts: accounts.map(({ mxid }) => mxid) }, { signal })) ?? []

const insist = async (tenant: WithScim, accounts: readonly Account[], runId = 'run-1'): Promise<void> => {
  for (let tries = 0; ; tries++) {
    const opened = await tenant.open()
    try {
      const outcomes = await opened.migrate({ accounts }, { runId })
      if (outcomes.every(({ outcome }) => outcome !== 'rejected' && outcome !== 'not attempted')) return
    } catch (error) {
      if (tries === 30) throw error
    } finally {
      await opened.target.close()
    }
  }
}

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

  it('need a token that is gone when the run is over', async () => {
    const tenant = await withScim()
    const opened = await tenant.open()
    await opened.migrate({ accounts: [anna] })
    expect(tenant.corp.scim?.tokens.size).toBe(1)
    await opened.target.close()
    expect(tenant.corp.scim?.tokens.size).toBe(0)
  })

  it('get one in the place of two that runs have left which died', async () => {
    const tenant = await withScim()
    const now = tenant.clock.now()
    const scopes = ['get:users', 'post:users', 'delete:users']
    const left = { token: 'lost', scopes, createdAt: now, validUntil: now + 900_000 }
    for (const id of ['tok_1', 'tok_2']) tenant.corp.scim?.tokens.set(id, left)
    await insist(tenant, [anna])
    expectLinked(tenant, anna)
    expect(tenant.corp.scim?.tokens.size).toBe(0)
  })

  it('leave others their tokens, and are not begun with where there are two of those', async () => {
    const tenant = await withScim()
    const theirs = { token: 'theirs', scopes: ['get:users'], createdAt: tenant.clock.now() }
    for (const id of ['tok_1', 'tok_2']) tenant.corp.scim?.tokens.set(id, theirs)
    const opened = await tenant.open()
    await expect(opened.migrate({ accounts: [anna] })).rejects.toThrow('gets no token for SCIM')
    expect(tenant.corp.scim?.tokens.size).toBe(2)
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it('are not begun with where the connection has no SCIM', async () => {
    const tenant = await withScim()
    delete tenant.corp.scim
    const opened = await tenant.open()
    await expect(opened.migrate({ accounts: [anna] })).rejects.toThrow('has no inbound SCIM')
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })
})

describe('a run that is stopped', () => {
  it('begins no more links, and the next one makes them', async () => {
    const stop = new AbortController()
    const tenant = await withScim({
      watch: ({ path }) => {
        if (path.endsWith('/identities')) stop.abort()
      },
    })
    const accounts = Array.from({ length: 30 }, (_, n) => person(`person${n}`))
    const opened = await tenant.open()
    const changes = await opened.plan({ accounts }, { depth: 'quick' })
    const first = countOutcomes(await opened.apply(changes, { signal: stop.signal }))
    expect(first['not attempted']).toBeGreaterThan(0)
    await insist(tenant, accounts)
    for (const account of accounts) expectLinked(tenant, account)
    expect(tenant.standIn.tenant.users.count()).toBe(30)
  })
})

describe('a step of a link by SCIM', () => {
  const STEPS = {
    'the token': (method: string, path: string) => method === 'POST' && path.endsWith('/tokens'),
    'the user of SCIM': (method: string, path: string) => method === 'POST' && path.startsWith('/scim/'),
    'what is noted': (method: string, path: string) => method === 'PATCH' && path.startsWith('/api/v2/users/oidc'),
    'the link': (method: string, path: string) => method === 'POST' && path.endsWith('/identities'),
    'the last look': (method: string, path: string) => method === 'GET' && path.startsWith('/api/v2/users/oidc'),
  }

  it.each(
    Object.entries(STEPS).flatMap(([name, on]) =>
      // As often as it is tried, so that a run dies over it; or once.
      (
        [
          ['answer lost', 3],
          ['error after', 1],
          ['reset before', 3],
          ['twice', 1],
        ] as const
      ).map(([kind, times]): readonly [string, string, number, Fault] => [name, kind, times, { kind, on, times }]),
    ),
  )('%s that goes wrong (%s, %i times) leads to the same end', async (_, __, ___, fault) => {
    const tenant = await withScim({ faults: [fault] })
    await insist(tenant, [anna])
    expectLinked(tenant, anna)
    expect(tenant.standIn.tenant.users.count()).toBe(1)
    const opened = await tenant.open()
    expect(countOutcomes(await opened.migrate({ accounts: [anna] }, { runId: 'run-2' }))).toEqual({ unchanged: 1 })
    expect(countOutcomes(await takeBack(opened, [anna]))).toEqual({ removed: 1 })
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it.each(['the user of SCIM', 'what is noted', 'the link'] as const)(
    'is taken back where a run died over %s',
    async (step) => {
      const tenant = await withScim({ faults: [{ kind: 'answer lost', on: STEPS[step], times: 3 }] })
      const opened = await tenant.open()
      await expect(opened.migrate({ accounts: [anna] })).rejects.toThrow()
      expect(tenant.standIn.tenant.users.count()).toBeGreaterThan(0)
      expect(countOutcomes(await takeBack(await tenant.open(), [anna]))).toEqual({ removed: 1 })
      expect(tenant.standIn.tenant.users.count()).toBe(0)
    },
  )
})

describe('whatever goes wrong', () => {
  const KINDS = ['answer lost', 'reset before', 'error before', 'error after', 'too many requests', 'twice'] as const
  const isOfUsers = (_: string, path: string): boolean => path.startsWith('/api/v2/') || path.startsWith('/scim/')

  it.each([1, 2, 3])('everybody is there once in the end, and linked (seed %i)', async (seed) => {
    const faults = KINDS.map((kind): Fault => ({ kind, chance: 0.08, on: isOfUsers }))
    const tenant = await withScim({ faults, seed })
    const accounts = Array.from({ length: 12 }, (_, n) => person(`person${n}`))
    await insist(tenant, accounts)
    for (const account of accounts) expectLinked(tenant, account)
    expect(tenant.standIn.tenant.users.count()).toBe(12)
    const changed = accounts.map((one, n) => ({ ...one, username: `${one.localpart}-x`, isLocked: n % 2 === 0 }))
    await insist(tenant, changed, 'run-2')
    expect(changed.map((account) => scimUser(tenant, account)?.blocked)).toEqual(changed.map((one) => one.isLocked))
  })
})

describe('a user of the same identity whom somebody else has made', () => {
  const stranger = (tenant: WithScim, others: Partial<User> = {}): User => {
    const now = tenant.clock.now()
    const user: User = {
      userId: primaryOf(anna),
      identities: [{ connection: 'corp', provider: 'oidc', userId: 'corp|anna-at-idp', isSocial: false }],
      names: {},
      blocked: false,
      appMetadata: {},
      userMetadata: {},
      createdAt: now,
      updatedAt: now,
      loginsCount: 0,
      ...others,
    }
    tenant.standIn.tenant.users.put(user)
    return user
  }

  it.each([
    ['and has never been used', {}],
    ['and has logged in', { loginsCount: 3, lastLogin: 1 }],
  ])('holds the account back, %s', async (_, others) => {
    const tenant = await withScim()
    const theirs = stranger(tenant, others)
    const opened = await tenant.open()
    const { accounts } = await opened.plan({ accounts: [anna] }, { depth: 'quick' })
    expect(accounts).toMatchObject([{ change: 'conflict', reason: 'identity_taken' }])
    expect(countOutcomes(await opened.migrate({ accounts: [anna] }))).toEqual({ 'held back': 1 })
    expect([...tenant.standIn.tenant.users.all()]).toEqual([theirs])
  })

  it('keeps it where the mapping leaves identities, and the account moves without', async () => {
    const tenant = await withScim()
    const theirs = stranger(tenant)
    const opened = await tenant.open({ conflicts: { ...plainMapping.conflicts, identity: 'leave' } })
    expect(countOutcomes(await opened.migrate({ accounts: [anna] }))).toEqual({ created: 1 })
    expect(scimUser(tenant, anna)).toEqual(theirs)
    expect(tenant.userOf(anna)).toBeDefined()
    expect(countOutcomes(await opened.migrate({ accounts: [anna] }, { runId: 'run-2' }))).toEqual({ unchanged: 1 })
    expect(countOutcomes(await takeBack(opened, [anna]))).toEqual({ removed: 1 })
    expect([...tenant.standIn.tenant.users.all()]).toEqual([theirs])
  })

  it('is left alone where they come while a run goes on', async () => {
    const tenant = await withScim()
    const opened = await tenant.open()
    const changes = await opened.plan({ accounts: [anna] }, { depth: 'quick' })
    const theirs = stranger(tenant, { names: { given_name: 'Anna' } })
    const outcomes = await opened.apply(changes)
    expect(outcomes).toMatchObject([{ outcome: 'rejected', message: expect.stringContaining('somebody else') }])
    expect(scimUser(tenant, anna)).toEqual(theirs)
  })
})

describe('taking back people who are linked by SCIM', () => {
  it('removes both, but for those who have logged in since', async () => {
    const tenant = await withScim()
    const bert = person('bert')
    await insist(tenant, [anna, bert])
    await upstreamLogin(tenant.standIn.tenant, { connection: 'corp', subject: 'bert-at-idp' })
    const opened = await tenant.open()
    expect(countOutcomes(await takeBack(opened, [anna, bert]))).toEqual({ removed: 1, unchanged: 1 })
    expect([...tenant.standIn.tenant.users.all()].map(({ userId }) => userId)).toEqual([primaryOf(bert)])
    expect(tenant.standIn.tenant.linked.size).toBe(1)
  })

  it('goes with an account that Synapse has no longer', async () => {
    const tenant = await withScim()
    await insist(tenant, [anna])
    const opened = await tenant.open()
    expect(countOutcomes(await opened.migrate({ gone: [anna.mxid] }, { runId: 'run-2' }))).toEqual({ removed: 1 })
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it('says that a link which a later run has made stays', async () => {
    const tenant = await withScim()
    await insist(tenant, [{ ...anna, identities: [] }])
    await insist(tenant, [anna], 'run-2')
    const outcomes = await takeBack(await tenant.open(), [anna], 'run-2')
    expect(outcomes).toMatchObject([{ outcome: 'unchanged', message: expect.stringContaining('SCIM') }])
    expectLinked(tenant, anna)
  })
})
