import { describe, expect, it } from 'vitest'
import type { Account } from '../../../src/accounts/account.ts'
import type { Outcome } from '../../../src/targets/changes.ts'
import { accountsOf, countOutcomes, type TenantToFill, tenantToFill } from '../../support/auth0/migration.ts'
import { occupyJobs, untilAsked } from '../../support/auth0/others-jobs.ts'
import { isImport, renewed } from '../../support/auth0/unaddressed.ts'

interface Ended {
  readonly outcomes: readonly Outcome[]
  /** From the moment that it was asked to end soon. */
  readonly milliseconds: number
  /** What Auth0 answered to its imports. */
  readonly imports: readonly (number | undefined)[]
}

/** A run that is asked to end soon, as by the first Ctrl-C, while others use all that Auth0 imports at a time. */
const endSoon = async (tenant: TenantToFill, accounts: readonly Account[]): Promise<Ended> => {
  const { target, plan } = await tenant.open()
  const changes = await plan({ accounts }, { depth: 'quick' })
  const release = tenant.clock.hold()
  await occupyJobs(tenant)
  const from = tenant.standIn.requests.length
  let isEnough = false
  const run = target.apply(changes, {
    runId: 'run-2',
    signal: new AbortController().signal,
    asOf: 0,
    serverName: 'example.org',
    mappingSha256: '0'.repeat(64),
    enough: () => isEnough,
  })
  await untilAsked(tenant, (seen) => isImport(seen) && seen.status === 429, from)
  isEnough = true
  const asked = tenant.clock.now()
  release()
  const outcomes = await run
  return {
    outcomes,
    milliseconds: tenant.clock.now() - asked,
    imports: tenant.standIn.requests
      .slice(from)
      .filter(isImport)
      .map(({ status }) => status),
  }
}

describe('a run that is asked to end while jobs of others keep it waiting', () => {
  it('ends within seconds, imports nobody, and says that nothing was sent', async () => {
    const tenant = await tenantToFill({ jobSpeed: 3600 })
    const accounts = accountsOf(5)
    const { outcomes, milliseconds, imports } = await endSoon(tenant, accounts)
    expect(countOutcomes(outcomes)).toEqual({ 'not attempted': 5 })
    expect(outcomes.filter(({ unclear }) => unclear === true)).toEqual([])
    expect(milliseconds).toBeLessThan(10_000)
    expect(imports.filter((status) => status !== 429)).toEqual([])
    await tenant.clock.sleep(3_600_000)
    expect(accounts.filter((one) => tenant.userOf(one) !== undefined)).toEqual([])
  })

  it('ends within seconds when it is to renew passwords', async () => {
    const tenant = await tenantToFill({ jobSpeed: 3600 })
    const accounts = accountsOf(5)
    await (await tenant.open()).migrate({ accounts })
    const before = accounts.map((one) => tenant.userOf(one))
    const { outcomes, milliseconds } = await endSoon(tenant, renewed(accounts))
    expect(countOutcomes(outcomes)).toEqual({ 'not attempted': 5 })
    expect(milliseconds).toBeLessThan(10_000)
    await tenant.clock.sleep(3_600_000)
    expect(accounts.map((one) => tenant.userOf(one))).toEqual(before)
  })
})
