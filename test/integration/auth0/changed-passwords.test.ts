import { describe, expect, it } from 'vitest'
import type { Account } from '../../../src/accounts/account.ts'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { accountOf, accountsOf, countOutcomes, type TenantToFill, tenantToFill } from '../../support/auth0/migration.ts'
import { occupyJobs, untilAsked } from '../../support/auth0/others-jobs.ts'

const NEW_HASH = accountOf('another').passwordHash ?? ''

const renewed = (accounts: readonly Account[]): readonly Account[] =>
  accounts.map((account) => ({ ...account, passwordHash: NEW_HASH }))

const edit = ({ standIn }: TenantToFill, user: User | undefined, fields: Partial<User>): void => {
  if (user === undefined) throw new Error('nobody there')
  standIn.tenant.users.put({ ...user, ...fields })
}

const deletions = (tenant: TenantToFill, from: number): number =>
  tenant.asked(from).filter((one) => one.startsWith('DELETE users')).length

describe('a password that was changed at Synapse', () => {
  it('comes to everybody who has an address and has not logged in, and nobody is deleted for it', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    const accounts = accountsOf(250)
    await migrate({ accounts })
    const ids = [...tenant.standIn.tenant.users.all()].map(({ userId, createdAt }) => [userId, createdAt])
    const from = tenant.standIn.requests.length
    expect(countOutcomes(await migrate({ accounts: renewed(accounts) }, { runId: 'run-2' }))).toEqual({ updated: 250 })
    expect(deletions(tenant, from)).toBe(0)
    expect([...tenant.standIn.tenant.users.all()].map(({ userId, createdAt }) => [userId, createdAt])).toEqual(ids)
    for (const one of accounts) expect(JSON.stringify(tenant.userOf(one)?.password)).toContain(NEW_HASH)
    expect(countOutcomes(await migrate({ accounts: renewed(accounts) }, { runId: 'run-3' }))).toEqual({
      unchanged: 250,
    })
  })

  it('comes with all else that has changed, and leaves what others have written', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    const anna = accountOf('anna')
    await migrate({ accounts: [anna] })
    const before = tenant.userOf(anna)
    edit(tenant, before, {
      appMetadata: { ...before?.appMetadata, plan: 'gold' },
      userMetadata: { theme: 'dark' },
      emailVerified: false,
      names: { given_name: 'Anna' },
    })
    const [changed] = renewed([{ ...anna, username: 'annabel' }])
    expect(countOutcomes(await migrate({ accounts: changed ? [changed] : [] }, { runId: 'run-2' }))).toEqual({
      updated: 1,
    })
    expect(tenant.userOf(anna)).toMatchObject({
      username: 'annabel',
      appMetadata: { plan: 'gold', syn2op: { run: 'run-1' } },
      userMetadata: { theme: 'dark' },
      emailVerified: false,
      names: { given_name: 'Anna' },
    })
    expect(JSON.stringify(tenant.userOf(anna)?.password)).toContain(NEW_HASH)
  })

  it.each([true, false])(
    'comes with an address and a number that are verified as they were: %s',
    async (isVerified) => {
      // What an import with upsert makes of a phone number Auth0 does not say, so what it is told has to be right.
      const sent: string[] = []
      const tenant = await tenantToFill({
        watch: ({ path, body }) => {
          if (path.endsWith('/users-imports')) sent.push(body.toString())
        },
      })
      const { migrate } = await tenant.open()
      const anna = accountOf('anna')
      await migrate({ accounts: [anna] })
      edit(tenant, tenant.userOf(anna), { emailVerified: isVerified, phoneVerified: isVerified })
      await migrate({ accounts: renewed([anna]) }, { runId: 'run-2' })
      expect(sent).toHaveLength(2)
      expect(sent[1]).toContain(`"phone_number":"${tenant.userOf(anna)?.phoneNumber}","phone_verified":${isVerified}`)
      expect(tenant.userOf(anna)).toMatchObject({ emailVerified: isVerified, phoneVerified: isVerified })
    },
  )

  it.each(['answer lost', 'error after', 'job fails', 'twice', 'reset before'] as const)(
    'comes once, over what goes wrong with its import: %s',
    async (kind) => {
      let isRenewing = false
      const on = (_: string, path: string): boolean => isRenewing && path.endsWith('/users-imports')
      const tenant = await tenantToFill({ faults: [{ kind, times: 2, on }] })
      const { migrate } = await tenant.open()
      const accounts = accountsOf(12)
      await migrate({ accounts })
      isRenewing = true
      expect(countOutcomes(await migrate({ accounts: renewed(accounts) }, { runId: 'run-2' }))).toEqual({ updated: 12 })
      for (const one of accounts) {
        expect(JSON.stringify(tenant.userOf(one)?.password)).toContain(NEW_HASH)
        expect(tenant.userOf(one)).toMatchObject({ emailVerified: true, appMetadata: { syn2op: { run: 'run-1' } } })
      }
      expect(tenant.standIn.tenant.users.count()).toBe(12)
    },
  )

  it('is rejected with the words of Auth0 where it takes none by an import', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    const anna = accountOf('anna')
    await migrate({ accounts: [anna] })
    // Somebody has given her a password in a way that Auth0 does not tell of.
    edit(tenant, tenant.userOf(anna), { password: { kind: 'own', bcrypt: 'of her own' } })
    const [outcome] = await migrate({ accounts: renewed([anna]) }, { runId: 'run-2' })
    expect(outcome).toMatchObject({ outcome: 'rejected', message: expect.stringContaining('password hash defined') })
    expect(tenant.userOf(anna)?.password).toEqual({ kind: 'own', bcrypt: 'of her own' })
  })

  it('is rejected, and nothing else is lost, at a tenant that changes no password by an import', async () => {
    const tenant = await tenantToFill({ readings: { hashByUpsert: 'refused' } })
    const { migrate } = await tenant.open()
    const anna = accountOf('anna')
    await migrate({ accounts: [anna] })
    const before = tenant.userOf(anna)
    const [outcome] = await migrate({ accounts: renewed([anna]) }, { runId: 'run-2' })
    expect(outcome).toMatchObject({ outcome: 'rejected', message: expect.stringContaining('password hash defined') })
    expect(tenant.userOf(anna)).toEqual(before)
  })

  it('comes once, at a tenant that tells of an import as of a reset, is told as theirs, and is theirs from then on', async () => {
    const tenant = await tenantToFill({ readings: { hashByUpsert: 'a reset' } })
    const { migrate } = await tenant.open()
    const anna = accountOf('anna')
    await migrate({ accounts: [anna] })
    for (const [runId, accounts] of [
      ['run-2', renewed([anna])],
      ['run-3', [anna]],
    ] as const) {
      const [outcome] = await migrate({ accounts }, { runId })
      expect(outcome?.rows).toContainEqual(expect.objectContaining({ relation: 'password', update: 0, theirs: 1 }))
      expect(JSON.stringify(tenant.userOf(anna)?.password)).toContain(NEW_HASH)
    }
  })

  it('does not come to who logs in while jobs of others keep it waiting', async () => {
    const tenant = await tenantToFill({ jobSpeed: 3600 })
    const { migrate } = await tenant.open()
    const [anna, berta] = [accountOf('anna'), accountOf('berta')]
    await migrate({ accounts: [anna, berta] })
    const release = tenant.clock.hold()
    await occupyJobs(tenant)
    const run = migrate({ accounts: renewed([anna, berta]) }, { runId: 'run-2' })
    await untilAsked(tenant, ({ path, status }) => path.endsWith('/users-imports') && status === 429)
    const own = { kind: 'own', bcrypt: 'of her own' } as const
    edit(tenant, tenant.userOf(anna), { loginsCount: 1, lastLogin: tenant.clock.now(), password: own })
    const used = tenant.userOf(anna)
    release()
    expect((await run).map(({ mxid, outcome }) => [mxid, outcome])).toEqual([
      [anna.mxid, 'unchanged'],
      [berta.mxid, 'updated'],
    ])
    expect(tenant.userOf(anna)).toEqual(used)
    expect(JSON.stringify(tenant.userOf(berta)?.password)).toContain(NEW_HASH)
  })

  it('is told as theirs of who logs in while the job of it is at work', async () => {
    const tenant = await tenantToFill({ jobSpeed: 3600 })
    const { migrate } = await tenant.open()
    const anna = accountOf('anna')
    await migrate({ accounts: [anna] })
    const release = tenant.clock.hold()
    const from = tenant.standIn.requests.length
    const run = migrate({ accounts: renewed([anna]) }, { runId: 'run-2' })
    await untilAsked(tenant, ({ path, status }) => path.endsWith('/users-imports') && status === 202, from)
    const own = { kind: 'own', bcrypt: 'of her own' } as const
    edit(tenant, tenant.userOf(anna), { loginsCount: 1, lastLogin: tenant.clock.now(), password: own })
    release()
    const [outcome] = await run
    expect(outcome?.outcome).toBe('unchanged')
    expect(outcome?.rows).toContainEqual(expect.objectContaining({ relation: 'password', theirs: 1, update: 0 }))
    expect(tenant.userOf(anna)?.password).toEqual(own)
  })

  it('comes after the lock that came with it', async () => {
    const tenant = await tenantToFill({ jobSpeed: 3600 })
    const { migrate } = await tenant.open()
    const anna = accountOf('anna')
    await migrate({ accounts: [anna] })
    const release = tenant.clock.hold()
    await occupyJobs(tenant)
    const locked = renewed([{ ...anna, isLocked: true }])
    const run = migrate({ accounts: locked }, { runId: 'run-2' })
    await untilAsked(tenant, ({ path, status }) => path.endsWith('/users-imports') && status === 429)
    expect(tenant.userOf(anna)?.blocked).toBe(true)
    release()
    const [outcome] = await run
    expect(outcome).toMatchObject({ outcome: 'updated' })
    expect(outcome?.rows).toContainEqual(expect.objectContaining({ relation: 'account', update: 1 }))
    expect(outcome?.rows).toContainEqual(expect.objectContaining({ relation: 'password', update: 1 }))
    expect(tenant.userOf(anna)?.blocked).toBe(true)
    expect(JSON.stringify(tenant.userOf(anna)?.password)).toContain(NEW_HASH)
  })
})
