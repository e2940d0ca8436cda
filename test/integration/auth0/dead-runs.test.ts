import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { openRuns } from '../../support/auth0/faults/runs.ts'
import { sourceIn, type TestSource } from '../../support/auth0/faults/source.ts'
import { outcomeCount } from '../../support/auth0/faults/table.ts'
import { faultyTenant } from '../../support/auth0/faults/tenant.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { testPostgres } from '../../support/postgres.ts'

const MINUTE = 60_000

/** Longer than any job of Auth0's. */
const LONG = 131 * MINUTE

const isImport = (method: string, path: string): boolean => method === 'POST' && path === '/api/v2/jobs/users-imports'

let source: TestSource

beforeAll(async () => {
  const name = `auth0_dead_${randomBytes(4).toString('hex')}`
  source = await sourceIn(await createDemoHomeserver(testPostgres(), name, { accounts: 60, damage: 'none' }))
})

describe('a run that is killed while Auth0 makes its people', () => {
  it('is taken back whole: the rollback waits for the job, and nobody comes after it', async () => {
    await using tenant = await faultyTenant({ plan: 'free' })
    await using runs = await openRuns(source, tenant)
    await runs.migrateAndDie(5, { inNoTime: true })
    expect(tenant.newcomers().size).toBeLessThan(50)
    const document = await runs.rollback('last')
    expect(document.outcomes?.map(({ outcome }) => outcome)).toEqual(['removed'])
    await tenant.clock.sleep(LONG)
    expect(tenant.newcomers().size).toBe(0)
    await expect(runs.rollback(document.of.name)).rejects.toThrow('has been taken back already')
  })

  it('is gone on with once the job has ended, and nobody is refused for being there', async () => {
    await using tenant = await faultyTenant({ plan: 'free' })
    await using runs = await openRuns(source, tenant)
    await runs.migrateAndDie(5, { inNoTime: true })
    const imports = (): number => tenant.standIn.requests.filter(({ method, path }) => isImport(method, path)).length
    const before = imports()
    const { document } = await runs.migrate({ resume: true })
    expect(outcomeCount(document, 'unchanged')).toBe(tenant.newcomers().size)
    expect(outcomeCount(document, 'rejected')).toBe(0)
    expect(imports()).toBe(before)
  })

  it('is not said to be taken back as long as a job that nobody can ask for may make them', async () => {
    await using tenant = await faultyTenant({
      plan: 'free',
      faults: [
        { kind: 'answer lost', on: isImport, times: 1 },
        { kind: 'reset before', on: isImport },
      ],
    })
    await using runs = await openRuns(source, tenant)
    await runs.migrateAndDie(5, { inNoTime: true })
    const early = await runs.rollback('last')
    // Nobody but those who were not sent is gone for certain.
    expect(outcomeCount(early, 'rejected')).toBeGreaterThan(outcomeCount(early, 'removed'))
    await tenant.clock.sleep(LONG)
    const late = await runs.rollback(early.of.name)
    expect(late.outcomes?.map(({ outcome }) => outcome)).toEqual(['removed'])
    expect(tenant.newcomers().size).toBe(0)
    await expect(runs.rollback(early.of.name)).rejects.toThrow('has been taken back already')
  })
})
