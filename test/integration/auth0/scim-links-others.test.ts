import { describe, expect, it } from 'vitest'
import { upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { countOutcomes } from '../../support/auth0/migration.ts'
import { keptNotes } from '../../support/auth0/notes.ts'
import {
  anna,
  expectLinked,
  insist,
  person,
  primaryOf,
  scimUser,
  takeBack,
  type WithScim,
  withScim,
} from '../../support/auth0/scim-people.ts'
import { plainMapping } from '../../support/migration/requests.ts'

describe('the token of the SCIM endpoint', () => {
  it('is gone when the run is over', async () => {
    const tenant = await withScim()
    const opened = await tenant.open()
    await opened.migrate({ accounts: [anna] })
    expect(tenant.corp.scim?.tokens.size).toBe(1)
    await opened.target.close()
    expect(tenant.corp.scim?.tokens.size).toBe(0)
  })

  it('takes the place of those that runs have left which died', async () => {
    const tenant = await withScim()
    const now = tenant.clock.now()
    const scopes = ['get:users', 'post:users', 'delete:users']
    const left = { token: 'lost', scopes, createdAt: now, validUntil: now + 900_000 }
    for (const id of ['tok_1', 'tok_2']) tenant.corp.scim?.tokens.set(id, left)
    await insist(tenant, [anna])
    expectLinked(tenant, anna)
    expect(tenant.corp.scim?.tokens.size).toBe(0)
  })

  it('is used as soon as it is had, so that others see whose it is', async () => {
    const uses: (number | undefined)[] = []
    const tenant = await withScim({
      watch: ({ path }) => {
        if (!path.endsWith('/users-imports')) return
        for (const { lastUsedAt } of tenant.corp.scim?.tokens.values() ?? []) uses.push(lastUsedAt)
      },
    })
    await (await tenant.open()).migrate({ accounts: [anna] })
    expect(uses).toEqual([expect.any(Number)])
  })

  it('is not taken from another run, at work or dead, which is told with when it ends', async () => {
    const tenant = await withScim()
    const people = ['bert', 'clara', 'dora'].map((localpart) => person(localpart))
    for (const one of people.slice(0, 2)) await (await tenant.open()).migrate({ accounts: [one] })
    const [third, fourth] = [await tenant.open(), await tenant.open()]
    const told = { code: 'target.not-allowed', next: expect.arrayContaining([expect.stringContaining('08:')]) }
    await expect(third.migrate({ accounts: people })).rejects.toMatchObject(told)
    expect(tenant.corp.scim?.tokens.size).toBe(2)
    await tenant.clock.sleep(21 * 60_000)
    expect(countOutcomes(await fourth.migrate({ accounts: people }))).toEqual({ unchanged: 2, created: 1 })
  })

  it('is taken away where a run has died that wrote it down', async () => {
    const tenant = await withScim()
    const notes = keptNotes()
    const people = ['bert', 'clara', 'dora'].map((localpart) => person(localpart))
    for (const one of people) {
      const opened = await tenant.open()
      await opened.target.awaitEarlier?.({ notes, note: () => {}, signal: new AbortController().signal })
      expect(countOutcomes(await opened.migrate({ accounts: [one] }))).toEqual({ created: 1 })
      if (one === people.at(-1)) await opened.target.close()
    }
    expect(tenant.corp.scim?.tokens.size).toBe(0)
    expect(notes.countOpen()).toBe(0)
    expect(notes.texts.filter((text) => text.startsWith('scim token tok_'))).toHaveLength(6)
  })

  it('is not had where there are two of others, and then nothing is begun', async () => {
    const tenant = await withScim()
    const theirs = { token: 'theirs', scopes: ['get:users'], createdAt: tenant.clock.now() }
    for (const id of ['tok_1', 'tok_2']) tenant.corp.scim?.tokens.set(id, theirs)
    const opened = await tenant.open()
    await expect(opened.migrate({ accounts: [anna] })).rejects.toThrow('has two tokens for SCIM in use')
    expect(tenant.corp.scim?.tokens.size).toBe(2)
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it('is not had where the connection has no SCIM, and then nothing is begun', async () => {
    const tenant = await withScim()
    delete tenant.corp.scim
    const opened = await tenant.open()
    await expect(opened.migrate({ accounts: [anna] })).rejects.toThrow('has no inbound SCIM')
    expect(tenant.standIn.tenant.users.count()).toBe(0)
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
