import { describe, expect, it } from 'vitest'
import type { Fault, FaultKind } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { accountOf, accountsOf, countOutcomes, tenantToFill } from '../../support/auth0/migration.ts'

const isImport = (method: string, path: string): boolean => method === 'POST' && path.endsWith('/jobs/users-imports')
const isErrors = (_: string, path: string): boolean => path.endsWith('/errors')
const isUser =
  (wanted: string) =>
  (method: string, path: string): boolean =>
    method === wanted && path.startsWith('/api/v2/users/')
const isOfApi = (_: string, path: string): boolean => path.startsWith('/api/v2/')

describe('an answer that is lost', () => {
  it.each([
    ['of an import that runs', { kind: 'answer lost', on: isImport, times: 1 }],
    ['of three imports that run', { kind: 'answer lost', on: isImport, times: 3 }],
    ['of an import that was delivered twice', { kind: 'twice', on: isImport, times: 1 }],
    ['of an import over which Auth0 failed after its work', { kind: 'error after', on: isImport, times: 1 }],
    ['of an import that never came', { kind: 'reset before', on: isImport, times: 1 }],
    ['with the errors of a job', { kind: 'answer lost', on: isErrors, times: 1 }],
    ['with the state of a job', { kind: 'answer lost', on: (_, path) => path.includes('/jobs/job_'), times: 2 }],
  ] satisfies readonly (readonly [string, Fault])[])('%s makes everybody once, by this run', async (_, fault) => {
    const tenant = await tenantToFill({ faults: [fault] })
    const { migrate } = await tenant.open()
    const accounts = accountsOf(30)
    expect(countOutcomes(await migrate({ accounts }))).toEqual({ created: 30 })
    expect(tenant.standIn.tenant.users.count()).toBe(30)
    expect(countOutcomes(await migrate({ accounts }, { runId: 'run-2' }))).toEqual({ unchanged: 30 })
  })

  it('of a change is no other change', async () => {
    const tenant = await tenantToFill({ faults: [{ kind: 'answer lost', on: isUser('PATCH'), times: 2 }] })
    const { migrate } = await tenant.open()
    const anna = accountOf('anna')
    await migrate({ accounts: [anna] })
    expect(countOutcomes(await migrate({ accounts: [{ ...anna, isLocked: true }] }))).toEqual({ updated: 1 })
    expect(tenant.userOf(anna)).toMatchObject({ blocked: true })
  })

  it('of a removal is a removal', async () => {
    const tenant = await tenantToFill({ faults: [{ kind: 'answer lost', on: isUser('DELETE'), times: 2 }] })
    const { migrate } = await tenant.open()
    const anna = accountOf('anna')
    await migrate({ accounts: [anna] })
    expect(countOutcomes(await migrate({ gone: [anna.mxid] }))).toEqual({ removed: 1 })
    expect(tenant.userOf(anna)).toBeUndefined()
  })
})

describe('a run that ends in the middle of a job', () => {
  it('says that nobody knows what became of whom it had sent, and the next one finds them', async () => {
    const tenant = await tenantToFill({ jobSpeed: 3600 })
    const first = await tenant.open()
    const accounts = accountsOf(40)
    const stop = new AbortController()
    const changes = await first.plan({ accounts }, { depth: 'quick' })
    const hold = tenant.clock.hold()
    const applied = first.apply(changes, { signal: stop.signal })
    while (!tenant.asked().includes('POST jobs/users-imports')) await new Promise((resolve) => setTimeout(resolve, 5))
    stop.abort()
    const outcomes = await applied
    expect(outcomes.every(({ outcome, unclear }) => outcome === 'not attempted' && unclear === true)).toBe(true)
    await first.target.close()
    hold()
    await tenant.clock.sleep(15_000)
    const second = await tenant.open()
    const half = tenant.standIn.tenant.users.count()
    expect(half).toBeGreaterThan(0)
    expect(half).toBeLessThan(40)
    const told = await second.migrate({ accounts }, { runId: 'run-1' })
    expect(told.map(({ outcome }) => outcome).filter((one) => one !== 'created' && one !== 'unchanged')).toEqual([])
    expect(tenant.standIn.tenant.users.count()).toBe(40)
    await tenant.clock.sleep(120_000)
    expect(countOutcomes(await second.migrate({ accounts }, { runId: 'run-3' }))).toEqual({ unchanged: 40 })
  })

  it('has begun nothing for whom no file was sent', async () => {
    const tenant = await tenantToFill()
    const { plan, apply } = await tenant.open()
    const changes = await plan({ accounts: accountsOf(5) }, { depth: 'quick' })
    const outcomes = await apply(changes, { signal: AbortSignal.abort() })
    expect(outcomes.every(({ outcome, unclear }) => outcome === 'not attempted' && unclear === undefined)).toBe(true)
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })
})

describe('whatever goes wrong', () => {
  const KINDS: readonly FaultKind[] = [
    'answer lost',
    'reset before',
    'error before',
    'error after',
    'too many requests',
    'twice',
    'token expires',
    'job fails',
    'export lags',
  ]

  it.each([1, 2, 3, 4])('everybody is there once in the end (seed %i)', async (seed) => {
    const faults = KINDS.map((kind): Fault => ({ kind, chance: 0.08, on: isOfApi }))
    const tenant = await tenantToFill({ faults, seed })
    const accounts = accountsOf(60)
    const renamed = accounts.map((account, n) =>
      n % 3 === 0 ? { ...account, username: `${account.localpart}-x` } : account,
    )
    // As the core does: what could not be reached is tried again, and found as far as it was done.
    const insist = async (runId: string, people: typeof accounts): Promise<void> => {
      for (let tries = 0; ; tries++) {
        try {
          const { migrate } = await tenant.open()
          const outcomes = await migrate({ accounts: people }, { runId })
          if (outcomes.every(({ outcome }) => outcome !== 'rejected' && outcome !== 'not attempted')) return
        } catch (error) {
          if (tries === 30) throw error
        }
      }
    }
    await insist('run-1', accounts)
    expect(tenant.standIn.tenant.users.count()).toBe(60)
    await insist('run-2', renamed)
    expect(tenant.standIn.tenant.users.count()).toBe(60)
    expect(renamed.map((account) => tenant.userOf(account)?.username)).toEqual(
      renamed.map(({ username, localpart }) => username ?? localpart),
    )
  })
})
