import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { countOutcomes } from '../../support/auth0/migration.ts'
import { anna, expectLinked, insist, person, scimUser, takeBack, withScim } from '../../support/auth0/scim-people.ts'

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

const STEPS = {
  'the token': (method: string, path: string) => method === 'POST' && path.endsWith('/tokens'),
  'the user of SCIM': (method: string, path: string) => method === 'POST' && path.startsWith('/scim/'),
  'what is noted': (method: string, path: string) => method === 'PATCH' && path.startsWith('/api/v2/users/oidc'),
  'the link': (method: string, path: string) => method === 'POST' && path.endsWith('/identities'),
  'the last look': (method: string, path: string) => method === 'GET' && path.startsWith('/api/v2/users/oidc'),
}

describe('a step of a link by SCIM', () => {
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

describe('a user whom SCIM makes for somebody who is locked', () => {
  it('is blocked from the first on, though the run dies before it has told anything else of them', async () => {
    const tenant = await withScim({ faults: [{ kind: 'reset before', on: STEPS['what is noted'], times: 3 }] })
    const opened = await tenant.open()
    const accounts = [{ ...anna, isLocked: true }]
    await expect(opened.migrate({ accounts })).rejects.toThrow()
    expect(scimUser(tenant, anna)).toMatchObject({ blocked: true, appMetadata: {} })
    await insist(tenant, accounts)
    expectLinked(tenant, anna)
    expect(scimUser(tenant, anna)?.blocked).toBe(true)
  })
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
