import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import { ownUserOf } from '../../../../../src/targets/auth0/accounts/ownership.ts'
import { planAbsence } from '../../../../../src/targets/auth0/accounts/plan-absence.ts'
import { type PlannedRollback, planRollback } from '../../../../../src/targets/auth0/accounts/plan-rollback.ts'
import type { PlannedUser } from '../../../../../src/targets/auth0/accounts/plan-user.ts'
import { account, anna, DEEDS, hashOf, holdings, MXID, migrate, plan, USES, writer } from './people.ts'
import { apply, edit, emptyTenant, see, type TenantModel } from './tenant-model.ts'

const tenantWith = (...states: readonly Account[]): TenantModel => {
  const tenant = emptyTenant()
  for (const [index, state] of states.entries()) migrate(tenant, state, { runId: `run-${index + 1}` })
  return tenant
}

const leave = (
  tenant: TenantModel,
  decision: Parameters<typeof planAbsence>[0] = { mxid: MXID, decision: 'gone' },
): PlannedUser => {
  const planned = planAbsence(decision, see(tenant))
  apply(tenant, planned.requests, writer('run-9'))
  return planned
}

const takeBack = (tenant: TenantModel, runId: string): PlannedRollback | undefined => {
  const own = ownUserOf(MXID, see(tenant))
  const planned = own === undefined ? undefined : planRollback(own, runId)
  if (planned !== undefined) apply(tenant, planned.requests, writer('run-9'))
  return planned
}

describe('an account that is gone from the source', () => {
  it('is deleted where all of it is as we wrote it, whatever the runs before did', () => {
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 4 }), (states) => {
        const tenant = tenantWith(...states)
        const { change } = leave(tenant)
        expect(change.change).toBe('remove')
        expect(change.rows.every(({ theirs }) => theirs === 0)).toBe(true)
        expect(tenant.user).toBeUndefined()
      }),
    )
  })

  for (const { what, do: deed } of [...DEEDS, ...USES]) {
    it(`stays whole: of who ${what}`, () => {
      const tenant = tenantWith(anna())
      edit(tenant, deed)
      const before = structuredClone(tenant.user)
      const { change } = leave(tenant)
      expect(change.change).toBe('unchanged')
      expect(change.rows.every(({ remove, theirs }) => remove === 0 && theirs > 0)).toBe(true)
      expect(tenant.user).toEqual(before)
    })
  }

  it('gives up its names, for which another account may be waiting', () => {
    const { requests } = leave(tenantWith(anna()))
    expect(requests).toMatchObject({
      kind: 'delete',
      frees: { email: 'anna@example.org', username: 'anna', phone: '+491701234567' },
    })
  })

  it('has nothing to do where it was never written, or is not ours', () => {
    expect(leave(emptyTenant()).change).toMatchObject({ change: 'unchanged', rows: [] })
    const tenant = tenantWith(anna())
    edit(tenant, (user) => ({ ...user, appMetadata: {} }))
    expect(leave(tenant).change).toMatchObject({ change: 'unchanged', rows: [] })
    expect(tenant.user).toBeDefined()
  })
})

describe('an account that is held back', () => {
  it('is removed where it was written, else told with the reason', () => {
    const decision = { mxid: MXID, decision: 'hold back', reason: 'locked' } as const
    expect(leave(tenantWith(anna()), decision).change).toMatchObject({ change: 'remove', reason: 'locked' })
    expect(leave(emptyTenant(), decision).change).toMatchObject({ change: 'hold back', reason: 'locked', rows: [] })
  })
})

describe('a run that is taken back', () => {
  it('takes the users that it created, with what later runs did to them', () => {
    fc.assert(
      fc.property(account, account, (first, second) => {
        const tenant = tenantWith(first, second)
        expect(takeBack(tenant, 'run-1')?.outcome).toBe('removed')
        expect(tenant.user).toBeUndefined()
      }),
    )
  })

  it('leaves users of an earlier run, without the rows that it added', () => {
    fc.assert(
      fc.property(account, (first) => {
        const { primaryEmail: _, ...bare } = {
          ...first,
          isDeactivated: false,
          identities: [],
          passwordHash: hashOf('a'),
        }
        const tenant = tenantWith({ ...bare, threepids: [] })
        const before = holdings(tenant)
        const { identities } = anna()
        migrate(
          tenant,
          { ...anna(), ...bare, threepids: anna().threepids, identities },
          {
            runId: 'run-2',
          },
        )
        expect(takeBack(tenant, 'run-2')?.outcome).toBe('removed')
        expect(holdings(tenant)).toEqual(before)
        expect(plan(tenant, { ...bare, threepids: [] }).change.change).toBe('unchanged')
      }),
    )
  })

  it('takes nothing where it created nothing', () => {
    const tenant = tenantWith(anna(), anna({ isAdmin: true }))
    expect(takeBack(tenant, 'run-2')).toBeUndefined()
    expect(takeBack(tenant, 'run-7')).toBeUndefined()
  })

  for (const { what, do: deed } of [...DEEDS, ...USES]) {
    it(`leaves the user of who ${what}`, () => {
      const tenant = tenantWith(anna())
      edit(tenant, deed)
      const before = structuredClone(tenant.user)
      expect(takeBack(tenant, 'run-1')).toMatchObject({ outcome: 'unchanged' })
      expect(tenant.user).toEqual(before)
    })
  }

  it('leaves what it added where somebody has taken away some of it', () => {
    const tenant = tenantWith(anna({ threepids: [] }), anna())
    edit(tenant, (user) => {
      const { email: _, ...others } = user
      return others
    })
    expect(takeBack(tenant, 'run-2')?.outcome).toBe('unchanged')
    expect(tenant.user?.phoneNumber).toBe('+491701234567')
  })

  it('leaves a password that it added, with all else that it added: Auth0 takes no password away', () => {
    const { passwordHash: _, ...without } = anna({ threepids: [] })
    const tenant = tenantWith(without, anna())
    const before = structuredClone(tenant.user)
    expect(before?.hash).toBe(hashOf('a'))
    const planned = takeBack(tenant, 'run-2')
    expect(planned).toMatchObject({ outcome: 'unchanged', words: expect.stringContaining('no password') })
    expect(planned?.rows.every(({ theirs, remove }) => theirs > 0 && remove === 0)).toBe(true)
    expect(tenant.user).toEqual(before)
  })
})
