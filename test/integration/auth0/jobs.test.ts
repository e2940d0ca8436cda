import { describe, expect, it, onTestFinished } from 'vitest'
import { submitImport } from '../../../src/targets/auth0/api/jobs-api.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import {
  accountOf,
  accountsOf,
  countOutcomes,
  PEPPER,
  type TenantToFill,
  tenantToFill,
} from '../../support/auth0/migration.ts'
import { standInUser } from '../../support/auth0/users.ts'

const { signal } = new AbortController()

const MINUTE = 60_000

const isAsked = (_: string, path: string): boolean => path.startsWith('/api/')

const isImport = (method: string, path: string): boolean => method === 'POST' && path === '/api/v2/jobs/users-imports'

/** With how many imports were at work whenever something was asked. */
const watchedTenant = async (): Promise<{ readonly tenant: TenantToFill; readonly atWork: readonly number[] }> => {
  const atWork: number[] = []
  const tenant = await tenantToFill({
    watch: () => {
      const jobs = [...tenant.standIn.tenant.jobs.values()]
      atWork.push(jobs.filter(({ type, endedAt }) => type === 'users_import' && endedAt === undefined).length)
    },
  })
  return { tenant, atWork }
}

describe('new people', () => {
  it('come by import jobs of the size that Auth0 takes, two at once and never three', async () => {
    const { tenant, atWork } = await watchedTenant()
    const { migrate } = await tenant.open()
    const accounts = accountsOf(2500)
    expect(countOutcomes(await migrate({ accounts }))).toEqual({ created: 2500 })
    expect(tenant.standIn.tenant.users.count()).toBe(2500)
    const imports = tenant.standIn.requests.filter(({ method, path }) => isImport(method, path))
    expect(imports.length).toBeGreaterThan(2)
    expect(imports.length % 2).toBe(0)
    for (const { bytes, status } of imports) {
      expect(bytes).toBeLessThanOrEqual(500_000)
      expect(status).toBe(202)
    }
    expect(Math.max(...atWork)).toBe(2)
    expect(tenant.asked().filter((one) => one.startsWith('GET users'))).toEqual([])
  })

  it('come so many at a time that each job has hundreds, and there are jobs to take the place of the first two', async () => {
    const { tenant } = await watchedTenant()
    const { target, migrate } = await tenant.open()
    await migrate({ accounts: accountsOf(target.batchSize) })
    const imports = tenant.standIn.requests.filter(({ method, path }) => isImport(method, path))
    expect(imports.length).toBeGreaterThanOrEqual(4)
    for (const { bytes } of imports) expect(bytes).toBeGreaterThan(250_000)
  })

  it('are not told of to the owners of the tenant, and have the job named after the run', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    await migrate({ accounts: accountsOf(3), ordinal: 7 }, { runId: 'run-of-tonight' })
    expect(tenant.standIn.tenant.mails).toEqual([])
    expect([...tenant.standIn.tenant.jobs.values()].map(({ externalId }) => externalId)).toContain('run-of-tonight.7.1')
  })

  it('wait for jobs of others at the tenant, and it is told that it was for what Auth0 allows', async () => {
    const tenant = await tenantToFill({ jobSpeed: 3600 })
    const api = openManagementApi(tenant.config, { clock: tenant.clock })
    onTestFinished(() => api.close())
    const { plan, apply } = await tenant.open()
    const changes = await plan({ accounts: [accountOf('late')] }, { depth: 'quick' })
    const others = ['a', 'b'].map((name) =>
      Array.from({ length: 60 }, (_, n) => ({ email: `${name}${n}@example.com` })),
    )
    for (const rows of others) {
      const file = Buffer.from(JSON.stringify(rows))
      await submitImport(api, { connectionId: tenant.standIn.connection.id, externalId: 'of others', file }, signal)
    }
    expect(countOutcomes(await apply(changes))).toEqual({ created: 1 })
    expect(tenant.standIn.requests.filter(({ status }) => status === 429).length).toBeGreaterThan(1)
    expect(changes.waited?.().quota).toBeGreaterThan(50_000)
  })

  it('are made although a job fails over half of them and does not say why', async () => {
    const tenant = await tenantToFill({ faults: [{ kind: 'job fails', times: 1 }] })
    const { migrate } = await tenant.open()
    const accounts = accountsOf(40)
    expect(countOutcomes(await migrate({ accounts }))).toEqual({ created: 40 })
    expect(tenant.standIn.tenant.users.count()).toBe(40)
  })

  it('are rejected with what Auth0 says of the job where it fails over one alone, again and again', async () => {
    const tenant = await tenantToFill({ faults: [{ kind: 'job fails' }] })
    const { migrate } = await tenant.open()
    const [outcome] = await migrate({ accounts: [accountOf('unlucky')] })
    expect(outcome).toMatchObject({
      outcome: 'rejected',
      message: 'an import of it alone failed: The job failed, and Auth0 does not say why',
    })
    expect(tenant.asked().filter((one) => one === 'POST jobs/users-imports')).toHaveLength(3)
  })

  it('are rejected without a word of their secrets, where the words alone repeat these', async () => {
    const tenant = await tenantToFill({ faults: [{ kind: 'echo without secrets' }] })
    const { plan, apply } = await tenant.open()
    const ann = accountOf('ann')
    const changes = await plan({ accounts: [ann] }, { depth: 'quick' })
    tenant.standIn.connection.options = {}
    const [outcome] = await apply(changes)
    expect(outcome).toMatchObject({ outcome: 'rejected', message: expect.stringContaining('in a row with') })
    expect(JSON.stringify(outcome)).not.toContain(PEPPER)
    expect(JSON.stringify(outcome)).not.toContain(ann.passwordHash)
  })

  it('are made although a job does not come to its end', async () => {
    const tenant = await tenantToFill({ faults: [{ kind: 'job sticks', times: 1 }] })
    const { migrate } = await tenant.open()
    const begun = tenant.clock.now()
    expect(countOutcomes(await migrate({ accounts: accountsOf(4) }))).toEqual({ created: 4 })
    expect(tenant.clock.now() - begun).toBeGreaterThan(120 * MINUTE)
    expect(tenant.clock.now() - begun).toBeLessThan(140 * MINUTE)
  })

  it('are made once where two runs make the same', async () => {
    const tenant = await tenantToFill()
    const [one, other] = [await tenant.open(), await tenant.open()]
    const accounts = accountsOf(50)
    const changes = await Promise.all([one, other].map(({ plan }) => plan({ accounts }, { depth: 'quick' })))
    const [first, second] = changes
    if (first === undefined || second === undefined) throw new Error('two plans')
    const outcomes = await Promise.all([one.apply(first, { runId: 'run-1' }), other.apply(second, { runId: 'run-2' })])
    const created = outcomes.flat().filter(({ outcome }) => outcome === 'created')
    expect(created).toHaveLength(50)
    expect(new Set(created.map(({ mxid }) => mxid)).size).toBe(50)
    expect(tenant.standIn.tenant.users.count()).toBe(50)
  })

  it('are made within the limits of a small plan, by a token that expires and requests that are refused out of turn', async () => {
    const tenant = await tenantToFill({
      plan: 'free',
      faults: [
        { kind: 'token expires', every: 5, on: isAsked },
        { kind: 'too many requests', every: 4, on: isAsked },
      ],
    })
    const { migrate } = await tenant.open()
    expect(countOutcomes(await migrate({ accounts: accountsOf(200) }))).toEqual({ created: 200 })
  })

  it('that Auth0 refuses are rejected in its words, the others of the file are made, and nothing says a secret', async () => {
    const tenant = await tenantToFill()
    const { migrate, plan, apply } = await tenant.open()
    await migrate({ accounts: [accountOf('first')] })
    const accounts = [accountOf('short'), accountOf('a-name-that-is-too-long'), accountOf('other')]
    const changes = await plan({ accounts }, { depth: 'quick' })
    const { attributes } = Object(tenant.standIn.connection.options)
    tenant.standIn.connection.options = {
      attributes: { ...attributes, username: { ...attributes.username, validation: { min_length: 1, max_length: 8 } } },
    }
    const outcomes = await apply(changes)
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'created', 'created'])
    expect(outcomes[0]?.message).toContain('username')
    const told = JSON.stringify(outcomes)
    for (const { passwordHash = '' } of accounts) expect(told).not.toContain(passwordHash)
    expect(told).not.toContain(PEPPER)
  })
})

describe('names of somebody else', () => {
  const meet = async (
    taken: Readonly<Record<string, string>>,
    email: 'hold_back' | 'leave',
  ): Promise<{ readonly outcome: unknown; readonly userOf: () => unknown }> => {
    const tenant = await tenantToFill()
    const conflicts = { username: 'hold_back', email, identity: 'hold_back' } as const
    const { plan, apply } = await tenant.open({ conflicts })
    const account = accountOf('anna')
    const changes = await plan({ accounts: [account, accountOf('berta')] }, { depth: 'quick' })
    // After the run has looked who is there.
    tenant.standIn.tenant.users.put(standInUser('stranger', taken))
    const [outcome, other] = await apply(changes)
    expect(other).toMatchObject({ outcome: 'created' })
    return { outcome, userOf: () => tenant.userOf(account) }
  }
  const anna = accountOf('anna')
  const [address = '', phone = ''] = anna.threepids.map((one) => one.address)

  it('hold an account back where it is the username, and say whose it is', async () => {
    const { outcome, userOf } = await meet({ username: 'anna' }, 'leave')
    expect(outcome).toMatchObject({
      outcome: 'held back',
      reason: 'username_taken',
      message: expect.stringContaining('auth0|stranger'),
    })
    expect(userOf()).toBeUndefined()
  })

  it('hold an account back where it is the e-mail address, or leave that, as the mapping says', async () => {
    const held = await meet({ email: address }, 'hold_back')
    expect(held.outcome).toMatchObject({ outcome: 'held back', reason: 'email_taken' })
    const left = await meet({ email: address }, 'leave')
    expect(left.outcome).toMatchObject({ outcome: 'created' })
    expect(left.outcome).toHaveProperty(
      'rows',
      expect.arrayContaining([expect.objectContaining({ relation: 'threepid', create: 1, foreign: 1 })]),
    )
    expect(left.userOf()).not.toHaveProperty('email')
  })

  it('are no matter where the connection lets several people have one address', async () => {
    const tenant = await tenantToFill()
    const { attributes } = Object(tenant.standIn.connection.options)
    tenant.standIn.connection.options = {
      attributes: { ...attributes, email: { unique: false, identifier: { active: false }, profile_required: false } },
    }
    tenant.standIn.tenant.users.put(standInUser('stranger', { email: address }))
    const { migrate } = await tenant.open()
    expect(countOutcomes(await migrate({ accounts: [anna] }))).toEqual({ created: 1 })
    expect(tenant.userOf(anna)).toMatchObject({ email: address })
  })

  it('leave the phone number away, and say so', async () => {
    const { outcome, userOf } = await meet({ phoneNumber: `+${phone}` }, 'hold_back')
    expect(outcome).toHaveProperty(
      'rows',
      expect.arrayContaining([expect.objectContaining({ relation: 'threepid', create: 1, foreign: 1 })]),
    )
    expect(userOf()).toMatchObject({ email: address })
    expect(userOf()).not.toHaveProperty('phoneNumber')
  })
})
