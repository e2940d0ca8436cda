import { describe, expect, it } from 'vitest'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { email } from '../../../src/targets/conformance/people.ts'
import { accountOf, countOutcomes, PEPPER, type TenantToFill, tenantToFill } from '../../support/auth0/migration.ts'

const anna = accountOf('anna')
const berta = accountOf('berta')

const edit = ({ standIn }: TenantToFill, user: User | undefined, fields: Partial<User>): void => {
  if (user === undefined) throw new Error('nobody there')
  standIn.tenant.users.put({ ...user, ...fields })
}

const withEmail = (account: typeof anna, address: string): typeof anna => ({
  ...account,
  primaryEmail: address,
  threepids: [email(address)],
})

describe('a user who is there', () => {
  it('gets another address and another username in requests of their own', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    await migrate({ accounts: [anna] })
    const from = tenant.standIn.requests.length
    const moved = { ...withEmail(anna, 'new@example.org'), username: 'annabel' }
    expect(countOutcomes(await migrate({ accounts: [moved] }))).toEqual({ updated: 1 })
    expect(tenant.userOf(anna)).toMatchObject({ email: 'new@example.org', emailVerified: true, username: 'annabel' })
    expect(tenant.asked(from).filter((one) => one.startsWith('PATCH users')).length).toBeGreaterThan(1)
  })

  it('keeps what somebody has changed between the plan and the run', async () => {
    const tenant = await tenantToFill()
    const { migrate, plan, apply } = await tenant.open()
    await migrate({ accounts: [anna] })
    const changes = await plan({ accounts: [{ ...anna, isLocked: true, threepids: [] }] }, { depth: 'quick' })
    edit(tenant, tenant.userOf(anna), { email: 'own@example.org' })
    expect(countOutcomes(await apply(changes))).toEqual({ updated: 1 })
    expect(tenant.userOf(anna)).toMatchObject({ email: 'own@example.org', blocked: true })
  })

  it('is not removed whom somebody has begun to use between the plan and the run', async () => {
    const tenant = await tenantToFill()
    const { migrate, plan, apply } = await tenant.open()
    await migrate({ accounts: [anna, berta] })
    const changes = await plan({ gone: [anna.mxid, berta.mxid] }, { depth: 'quick' })
    edit(tenant, tenant.userOf(anna), { loginsCount: 1, lastLogin: tenant.clock.now() })
    expect((await apply(changes)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'removed'])
    expect(tenant.userOf(anna)).toBeDefined()
    expect(tenant.userOf(berta)).toBeUndefined()
  })

  it('keeps its password once it was used, and that is told as theirs', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    await migrate({ accounts: [anna] })
    edit(tenant, tenant.userOf(anna), { loginsCount: 1, lastLogin: tenant.clock.now() })
    const before = tenant.userOf(anna)
    const other = await tenant.open()
    const renewed = { ...anna, passwordHash: accountOf('another').passwordHash ?? '' }
    const [outcome] = await other.migrate({ accounts: [renewed] }, { runId: 'run-2' })
    expect(outcome).toMatchObject({ outcome: 'unchanged' })
    expect(outcome?.rows.find(({ relation }) => relation === 'password')).toMatchObject({ theirs: 1 })
    expect(tenant.userOf(anna)).toEqual(before)
  })
})

describe('names that pass from one account to another', () => {
  const CLAIRE = 'claire@example.org'
  const DORA = 'dora@example.org'

  it('are given up before the other gets them, in one batch', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    await migrate({ accounts: [withEmail(anna, CLAIRE), withEmail(berta, DORA)] })
    const outcomes = await migrate({ accounts: [withEmail(anna, 'else@example.org'), withEmail(berta, CLAIRE)] })
    expect(countOutcomes(outcomes)).toEqual({ updated: 2 })
    expect([anna, berta].map((one) => tenant.userOf(one)?.email)).toEqual(['else@example.org', CLAIRE])
  })

  it('are given up by who leaves before somebody new gets them', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    await migrate({ accounts: [withEmail(berta, CLAIRE)] })
    const outcomes = await migrate({ accounts: [withEmail(anna, CLAIRE)], gone: [berta.mxid] })
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['created', 'removed'])
    expect(tenant.userOf(anna)?.email).toBe(CLAIRE)
  })

  it('are waited for where the other account is of a batch that comes later', async () => {
    const tenant = await tenantToFill()
    const { migrate, plan, apply } = await tenant.open()
    await migrate({ accounts: [withEmail(anna, DORA), withEmail(berta, CLAIRE)] })
    const first = await migrate({ accounts: [withEmail(anna, CLAIRE)] }, { runId: 'run-2' })
    expect(countOutcomes(first)).toEqual({ 'not attempted': 1 })
    await migrate({ accounts: [withEmail(berta, 'else@example.org')] }, { runId: 'run-2' })
    const last = await plan({ accounts: [withEmail(anna, CLAIRE)] }, { depth: 'quick', last: true })
    expect(countOutcomes(await apply(last, { runId: 'run-2' }))).toEqual({ updated: 1 })
    expect(tenant.userOf(anna)?.email).toBe(CLAIRE)
  })

  it('are swapped', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    await migrate({ accounts: [withEmail(anna, CLAIRE), withEmail(berta, DORA)] })
    const outcomes = await migrate({ accounts: [withEmail(anna, DORA), withEmail(berta, CLAIRE)] })
    expect(countOutcomes(outcomes)).toEqual({ updated: 2 })
    expect([anna, berta].map((one) => tenant.userOf(one)?.email)).toEqual([DORA, CLAIRE])
  })

  it('are swapped where they are usernames, and nothing is left to do then', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    await migrate({ accounts: [anna, berta] })
    const swapped = [
      { ...anna, username: 'berta' },
      { ...berta, username: 'anna' },
    ]
    expect(countOutcomes(await migrate({ accounts: swapped }))).toEqual({ updated: 2 })
    expect(swapped.map((one) => tenant.userOf(one)?.username)).toEqual(['berta', 'anna'])
    expect(countOutcomes(await migrate({ accounts: swapped }, { runId: 'run-2' }))).toEqual({ unchanged: 2 })
  })

  it('stay where they are where the connection lets nobody be without', async () => {
    const tenant = await tenantToFill()
    const { attributes } = Object(tenant.standIn.connection.options)
    tenant.standIn.connection.options = {
      attributes: { ...attributes, username: { ...attributes.username, profile_required: true } },
    }
    const { migrate } = await tenant.open()
    await migrate({ accounts: [anna, berta] })
    const swapped = [
      { ...anna, username: 'berta' },
      { ...berta, username: 'anna' },
    ]
    expect(countOutcomes(await migrate({ accounts: swapped }))).toEqual({ rejected: 2 })
    expect([anna, berta].map((one) => tenant.userOf(one)?.username)).toEqual(['anna', 'berta'])
  })
})

describe('what is written', () => {
  it('stays within 10 KB of metadata, and says what has no place', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    const addresses = Array.from({ length: 400 }, (_, n) => email(`address-number-${n}@a-long-domain.example.org`))
    const collector = { ...anna, primaryEmail: addresses[0]?.address ?? '', threepids: addresses }
    const [outcome] = await migrate({ accounts: [collector] })
    expect(outcome).toMatchObject({ outcome: 'created' })
    const threepids = outcome?.rows.find(({ relation }) => relation === 'threepid')
    expect(threepids?.foreign).toBeGreaterThan(0)
    expect((threepids?.foreign ?? 0) + (threepids?.create ?? 0)).toBe(400)
    expect(Buffer.byteLength(JSON.stringify(tenant.userOf(anna)?.appMetadata))).toBeLessThanOrEqual(10_240)
    expect(countOutcomes(await migrate({ accounts: [collector] }, { runId: 'run-2' }))).toEqual({ unchanged: 1 })
  })

  it('has the pepper beside the hash where its owner agrees that Auth0 learns it, else not', async () => {
    for (const pepper of ['disclose', 'withhold'] as const) {
      const tenant = await tenantToFill({}, { pepper })
      const { migrate } = await tenant.open()
      await migrate({ accounts: [anna] })
      const password = JSON.stringify(tenant.userOf(anna)?.password)
      expect(password).toContain(anna.passwordHash)
      expect(password.includes(PEPPER)).toBe(pepper === 'disclose')
    }
  })
})
