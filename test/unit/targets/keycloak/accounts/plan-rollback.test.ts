import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import { ownUserOf } from '../../../../../src/targets/keycloak/accounts/ownership.ts'
import { type PlannedRollback, planRollback } from '../../../../../src/targets/keycloak/accounts/plan-rollback.ts'
import { ANOTHER_PASSWORD, account, anna, DEEDS, holdings, MXID, migrate, NAMES, plan, USES, writer } from './people.ts'
import { apply, edit, emptyRealm, type RealmModel, see } from './realm-model.ts'

const takeBack = (realm: RealmModel, runId: string, killedAfter?: number): PlannedRollback | undefined => {
  const user = ownUserOf(MXID, see(realm, 'alone'))
  const planned = user === undefined ? undefined : planRollback(user, runId, NAMES)
  if (planned !== undefined) apply(realm, planned.requests, writer('run-9'), killedAfter)
  return planned
}

const realmWith = (...states: readonly Account[]): RealmModel => {
  const realm = emptyRealm()
  for (const [index, state] of states.entries()) migrate(realm, state, { runId: `run-${index + 1}` })
  return realm
}

const bare = (one: Account): Account => {
  const { passwordHash: _, primaryEmail: __, ...rest } = one
  return { ...rest, threepids: [], identities: [] }
}

describe('rollback', () => {
  it('deletes the user that the run created', () => {
    fc.assert(
      fc.property(account, account, (before, after) => {
        const realm = realmWith(before, after)
        expect(takeBack(realm, 'run-1')?.outcome).toBe('removed')
        expect(realm.user).toBeUndefined()
      }),
    )
  })

  it('takes the rows that the run added from the user of an earlier one, and leaves it as it was', () => {
    fc.assert(
      fc.property(account, (one) => {
        const realm = realmWith(bare(one))
        const before = holdings(realm)
        const runs = realm.user?.attributes['syn2op_run']
        migrate(realm, one, { runId: 'run-2' })
        takeBack(realm, 'run-2')
        expect(holdings(realm)).toEqual(before)
        expect(realm.user?.attributes['syn2op_run']).toEqual(runs)
        expect(plan(realm, bare(one), { runId: 'run-3' }).change.change).toBe('unchanged')
        expect(takeBack(realm, 'run-2')).toBeUndefined()
      }),
    )
  })

  it('takes back all of it however often it died over that', () => {
    fc.assert(
      fc.property(account, fc.array(fc.nat({ max: 4 }), { maxLength: 3 }), (one, deaths) => {
        const realm = realmWith(bare(one))
        const before = holdings(realm)
        const runs = realm.user?.attributes['syn2op_run']
        migrate(realm, one, { runId: 'run-2' })
        for (const killedAfter of deaths) takeBack(realm, 'run-2', killedAfter)
        expect(takeBack(realm, 'run-2')?.outcome ?? 'removed').toBe('removed')
        expect(holdings(realm)).toEqual(before)
        expect(realm.user?.attributes['syn2op_run']).toEqual(runs)
        expect(takeBack(realm, 'run-2')).toBeUndefined()
      }),
    )
  })

  it('names on the user every run that added something, to be found by', () => {
    const realm = realmWith(bare(anna()), anna())
    expect(realm.user?.attributes['syn2op_run']?.toSorted()).toEqual(['run-1', 'run-2'])
  })

  it('knows a row as that of the run that created it, also after a later one has changed it', () => {
    const realm = realmWith(anna(), anna({ passwordHash: `$2b$12$${'z'.repeat(53)}` }))
    expect(takeBack(realm, 'run-2')).toBeUndefined()
    const moved = realmWith(anna(), anna({ primaryEmail: 'other@example.org' }))
    expect(takeBack(moved, 'run-2')).toBeUndefined()
  })

  for (const { what, do: deed } of [...DEEDS, ...USES]) {
    it(`leaves the user of who ${what}`, () => {
      const realm = realmWith(anna())
      edit(realm, deed)
      const before = structuredClone(realm.user)
      expect(takeBack(realm, 'run-1')).toMatchObject({ outcome: 'unchanged' })
      expect(realm.user).toEqual(before)
    })
  }

  for (const [what, changed] of [
    ['a link', { links: [] }],
    ['an address', { email: 'mine@home.org' }],
    ['the password', { password: ANOTHER_PASSWORD }],
  ] as const) {
    it(`leaves all added rows where somebody has changed one of them since: ${what}`, () => {
      const realm = realmWith(bare(anna()), anna())
      edit(realm, (user) => ({ ...user, ...changed }))
      const before = structuredClone(realm.user)
      expect(takeBack(realm, 'run-2')).toMatchObject({ outcome: 'unchanged' })
      expect(realm.user).toEqual(before)
    })
  }

  it('finds nothing of a run that wrote nothing of the user', () => {
    expect(takeBack(realmWith(anna()), 'run-7')).toBeUndefined()
  })
})
