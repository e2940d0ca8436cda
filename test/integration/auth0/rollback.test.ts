import { describe, expect, it } from 'vitest'
import type { BatchSoFar } from '../../../src/targets/target.ts'
import {
  accountsOf,
  countOutcomes,
  type OpenTarget,
  type TenantToFill,
  tenantToFill,
} from '../../support/auth0/migration.ts'
import { keptNotes } from '../../support/auth0/notes.ts'

const { signal } = new AbortController()

const takeBack = async ({ target }: OpenTarget, runId: string, accounts: readonly { readonly mxid: string }[]) =>
  (await target.rollback?.({ runId, accounts: accounts.map(({ mxid }) => mxid) }, { signal })) ?? []

describe('taking back a run', () => {
  it('deletes whom it made, but for those who have logged in since, and says so of them', async () => {
    const tenant = await tenantToFill()
    const opened = await tenant.open()
    const accounts = accountsOf(20)
    await opened.migrate({ accounts })
    const [first] = accounts
    const user = first === undefined ? undefined : tenant.userOf(first)
    if (user === undefined) throw new Error('nobody there')
    tenant.standIn.tenant.users.put({ ...user, loginsCount: 1, lastLogin: tenant.clock.now() })
    const outcomes = await takeBack(await tenant.open(), 'run-1', accounts)
    expect(countOutcomes(outcomes)).toEqual({ removed: 19, unchanged: 1 })
    expect(outcomes.find(({ outcome }) => outcome === 'unchanged')).toMatchObject({
      mxid: first?.mxid,
      message: expect.stringContaining('used'),
    })
    expect([...tenant.standIn.tenant.users.all()].map(({ userId }) => userId)).toEqual([user.userId])
  })

  it('begins with nobody more once it is enough, and tells whom it has left as they are', async () => {
    const tenant = await tenantToFill()
    const opened = await tenant.open()
    const accounts = accountsOf(30)
    await opened.migrate({ accounts })
    const told: number[] = []
    const enough = ({ attempted }: BatchSoFar): boolean => {
      told.push(attempted)
      return attempted >= 5
    }
    const run = { runId: 'run-1', accounts: accounts.map(({ mxid }) => mxid) }
    const outcomes = (await opened.target.rollback?.(run, { signal, enough })) ?? []
    const { removed = 0, 'not attempted': left = 0 } = countOutcomes(outcomes)
    expect(removed).toBeGreaterThanOrEqual(5)
    // Those that were under way.
    expect(removed).toBeLessThan(5 + 6)
    expect(left).toBe(30 - removed)
    expect(tenant.standIn.tenant.users.count()).toBe(left)
    expect(told).toEqual(told.toSorted((one, other) => one - other))
    expect(countOutcomes(await takeBack(opened, 'run-1', accounts))).toEqual({ removed: left })
  })

  it('goes on where it was interrupted, over answers that are lost', async () => {
    const tenant = await tenantToFill({
      faults: [
        { kind: 'answer lost', every: 3, on: (method, path) => method === 'DELETE' && path.includes('/users/') },
      ],
    })
    const opened = await tenant.open()
    const accounts = accountsOf(12)
    await opened.migrate({ accounts })
    expect(countOutcomes(await takeBack(opened, 'run-1', accounts.slice(0, 6)))).toEqual({ removed: 6 })
    expect(countOutcomes(await takeBack(opened, 'run-1', accounts))).toEqual({ removed: 6 })
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it('leaves who was there before another run', async () => {
    const tenant = await tenantToFill()
    const opened = await tenant.open()
    const accounts = accountsOf(6)
    await opened.migrate({ accounts: accounts.slice(0, 3) }, { runId: 'run-1' })
    await opened.migrate({ accounts }, { runId: 'run-2' })
    expect(countOutcomes(await takeBack(opened, 'run-2', accounts))).toEqual({ removed: 3 })
    expect(tenant.standIn.tenant.users.count()).toBe(3)
  })

  it('leaves a password that a later run added to who was there, says so, and deletes nobody over it', async () => {
    const tenant = await tenantToFill()
    const opened = await tenant.open()
    const accounts = accountsOf(4)
    const without = accounts.map((account) => {
      const { passwordHash: _, ...others } = account
      return others
    })
    await opened.migrate({ accounts: without }, { runId: 'run-1' })
    expect(countOutcomes(await opened.migrate({ accounts }, { runId: 'run-2' }))).toEqual({ updated: 4 })
    const before = accounts.map((one) => tenant.userOf(one))
    const from = tenant.standIn.requests.length
    const outcomes = await takeBack(await tenant.open(), 'run-2', accounts)
    expect(countOutcomes(outcomes)).toEqual({ unchanged: 4 })
    expect(outcomes[0]?.message).toContain('Auth0 takes no password away')
    expect(accounts.map((one) => tenant.userOf(one))).toEqual(before)
    expect(tenant.asked(from).filter((one) => /users/u.test(one) && !one.startsWith('GET'))).toEqual([])
  })

  it('is told of beforehand at the pace that the plan of the tenant allows', async () => {
    const tenant = await tenantToFill({}, { plan: 'essentials', rate: { share: 0.5 } })
    const { target } = await tenant.open()
    // 200 deletions a minute, half of which are ours.
    expect(target.rollbackPace?.most).toBeCloseTo(100 / 60, 5)
  })
})

describe('taking back a chain of runs', () => {
  /** As the core does: the newest first, all with the same list of accounts. */
  const takeBackAll = async (
    tenant: TenantToFill,
    { target }: OpenTarget,
    { runs, accounts }: { readonly runs: readonly string[]; readonly accounts: readonly string[] },
  ) => {
    const passes = []
    for (const runId of runs) {
      const from = tenant.standIn.requests.length
      const outcomes = (await target.rollback?.({ runId, accounts }, { signal })) ?? []
      const asked = Map.groupBy(tenant.asked(from), (one) => one.replace(/users\/.*/u, 'users/{id}'))
      passes.push({
        ...countOutcomes(outcomes),
        asked: Object.fromEntries([...asked].map(([one, { length }]) => [one, length])),
      })
    }
    return passes
  }

  it('reads whoever is there once for the run that looks first and once to delete them, and whoever is gone not again', async () => {
    const tenant = await tenantToFill()
    const opened = await tenant.open()
    const accounts = accountsOf(12)
    await opened.migrate({ accounts: accounts.slice(0, 4) }, { runId: 'run-1' })
    await opened.migrate({ accounts: accounts.slice(0, 10) }, { runId: 'run-2' })
    const mxids = accounts.map(({ mxid }) => mxid)
    const next = await tenant.open()
    expect(await takeBackAll(tenant, next, { runs: ['run-3', 'run-2', 'run-1', 'run-0'], accounts: mxids })).toEqual([
      // Two are not there: they are searched for among those who are linked, once.
      { asked: expect.objectContaining({ 'GET users/{id}': 12, 'GET users': 2 }) },
      { removed: 6, asked: { 'GET users/{id}': 6, 'DELETE users/{id}': 6 } },
      { removed: 4, asked: { 'GET users/{id}': 4, 'DELETE users/{id}': 4 } },
      { asked: {} },
    ])
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it('looks anew at everybody when it is begun anew: they may have come since', async () => {
    const tenant = await tenantToFill()
    const opened = await tenant.open()
    const accounts = accountsOf(3)
    const [one, other] = [accounts.map(({ mxid }) => mxid), accounts.map(({ mxid }) => mxid)]
    const again = await tenant.open()
    await opened.migrate({ accounts }, { runId: 'run-1' })
    expect(await takeBackAll(tenant, again, { runs: ['run-1'], accounts: one })).toMatchObject([{ removed: 3 }])
    await (await tenant.open()).migrate({ accounts }, { runId: 'run-1' })
    expect(await takeBackAll(tenant, again, { runs: ['run-1'], accounts: other })).toMatchObject([{ removed: 3 }])
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it('looks again at whoever an import may still make, and takes them back when they have come', async () => {
    const tenant = await tenantToFill()
    const opened = await tenant.open()
    const [anna] = accountsOf(1)
    if (anna === undefined) throw new Error('nobody')
    await opened.migrate({ accounts: [anna] }, { runId: 'run-1' })
    const user = tenant.userOf(anna)
    if (user === undefined) throw new Error('nobody there')
    tenant.standIn.tenant.users.remove(user.userId)
    const notes = keptNotes()
    const about = { externalId: 'run-1.0', at: tenant.clock.now(), users: [user.userId.slice('auth0|'.length)] }
    await notes.set('import run-1.0 of a run that died', JSON.stringify(about))
    const next = await tenant.open()
    await next.target.awaitEarlier?.({ notes, signal, note: () => {} })
    const accounts = [anna.mxid]
    expect(await takeBackAll(tenant, next, { runs: ['run-2', 'run-1'], accounts })).toMatchObject([
      { asked: { 'GET users': 1 } },
      { rejected: 1, asked: { 'GET users': 1 } },
    ])
    tenant.standIn.tenant.users.put(user)
    expect(await takeBackAll(tenant, next, { runs: ['run-1'], accounts })).toMatchObject([
      { asked: { 'DELETE users/{id}': 1 } },
    ])
    expect(tenant.userOf(anna)).toBeUndefined()
    // It may have been sent twice.
    tenant.standIn.tenant.users.put(user)
    await tenant.clock.sleep(3 * 3_600_000)
    expect(await takeBackAll(tenant, next, { runs: ['run-1'], accounts })).toMatchObject([{ removed: 1 }])
    expect(tenant.userOf(anna)).toBeUndefined()
  })
})
