import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import { needsLastLook, questionsAbout } from '../../../../../src/targets/keycloak/accounts/ownership.ts'
import { planAbsence } from '../../../../../src/targets/keycloak/accounts/plan-absence.ts'
import type { PlannedUser } from '../../../../../src/targets/keycloak/accounts/plan-user.ts'
import { ANOTHER_PASSWORD, account, anna, DEEDS, MXID, migrate, NAMES, USES, writer } from './people.ts'
import { apply, edit, emptyRealm, type RealmModel, see, withoutPassword } from './realm-model.ts'

const realmWith = (...states: readonly Account[]): RealmModel => {
  const realm = emptyRealm()
  for (const [index, state] of states.entries()) migrate(realm, state, { runId: `run-${index + 1}` })
  return realm
}

const leave = (
  realm: RealmModel,
  decision: Parameters<typeof planAbsence>[0] = { mxid: MXID, decision: 'gone' },
): PlannedUser => {
  const planned = planAbsence(decision, see(realm, 'alone'), NAMES)
  apply(realm, planned.requests, writer('run-9'))
  return planned
}

describe('an account that is gone from the source', () => {
  it('is deleted where all of it is as we wrote it, whatever the runs before did', () => {
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 4 }), (states) => {
        const realm = realmWith(...states)
        const { change } = leave(realm)
        expect(change.change).toBe('remove')
        expect(change.rows.every(({ theirs }) => theirs === 0)).toBe(true)
        expect(realm.user).toBeUndefined()
      }),
    )
  })

  for (const { what, do: deed } of [...DEEDS, ...USES]) {
    it(`stays whole: of who ${what}`, () => {
      const realm = realmWith(anna())
      edit(realm, deed)
      const before = structuredClone(realm.user)
      const { change } = leave(realm)
      expect(change.change).toBe('unchanged')
      expect(change.rows.every(({ remove, theirs }) => remove === 0 && theirs > 0)).toBe(true)
      expect(realm.user).toEqual(before)
    })
  }

  for (const [what, added] of [
    ['an address', { attributes: { emails: ['more@x.org'] } }],
    ['a link', { links: [{ alias: 'github', subject: 'mine' }] }],
    ['a password', { password: ANOTHER_PASSWORD }],
    ['a passkey', { otherCredentials: ['webauthn-passwordless'] }],
  ] as const) {
    it(`stays whole where somebody has added ${what}`, () => {
      const { passwordHash: _, ...bare } = anna({ threepids: [], identities: [] })
      const realm = realmWith(bare)
      edit(realm, (user) => ({
        ...user,
        ...added,
        attributes: { ...user.attributes, ...('attributes' in added ? added.attributes : {}) },
      }))
      expect(leave(realm).change.change).toBe('unchanged')
      expect(realm.user).toBeDefined()
    })
  }

  it('is never deleted by what a list tells alone: its links, its credentials, its roles, its groups and its sessions are read first', () => {
    const realm = realmWith(anna())
    const { present } = see(realm, 'in a list')
    expect(present && questionsAbout(undefined, present, { mxid: MXID, depth: 'quick' })).toEqual({ kind: 'all' })
    const { memberships, inUse, ...others } = see(realm, 'alone')
    if (memberships === undefined || inUse === undefined) throw new Error('a user who was looked at whole')
    for (const seen of [see(realm, 'in a list'), others, { ...others, memberships }, { ...others, inUse }]) {
      expect(planAbsence({ mxid: MXID, decision: 'gone' }, seen, NAMES).requests.kind).toBe('nothing')
    }
    expect(needsLastLook(MXID, others, NAMES)).toBe(true)
    edit(realm, (user) => ({ ...user, otherCredentials: ['otp'] }))
    expect(needsLastLook(MXID, see(realm, 'alone'), NAMES)).toBe(false)
  })

  it('goes with whatever roles and groups it was given, also where they were taken away again', () => {
    const realm = realmWith(anna({ isAdmin: true }))
    expect(realm.user).toMatchObject({ roles: ['default', 'matrix', 'admin'], groups: ['/all', '/staff', '/admins'] })
    edit(realm, (user) => ({ ...user, roles: ['default'], groups: [] }))
    expect(leave(realm).change.change).toBe('remove')
  })

  it('goes though somebody had taken away first what the source then took away as well', () => {
    const realm = realmWith(anna())
    edit(realm, (user) => {
      const { email: _, ...rest } = withoutPassword(user)
      return { ...rest, links: [], attributes: { ...user.attributes, emails: [], phones: [] } }
    })
    const { passwordHash: _, primaryEmail: __, ...bare } = anna({ threepids: [], identities: [] })
    migrate(realm, bare, { runId: 'run-2' })
    expect(leave(realm).change.change).toBe('remove')
  })

  it('has nothing to do where it was never written, or is not ours', () => {
    expect(leave(emptyRealm()).change).toMatchObject({ change: 'unchanged', rows: [] })
    const realm = realmWith(anna())
    edit(realm, (user) => ({ ...user, attributes: {} }))
    expect(leave(realm).change).toMatchObject({ change: 'unchanged', rows: [] })
    expect(realm.user).toBeDefined()
  })
})

describe('an account that is held back', () => {
  it('is removed where it was written, else told with the reason', () => {
    const decision = { mxid: MXID, decision: 'hold back', reason: 'locked' } as const
    expect(leave(realmWith(anna()), decision).change).toMatchObject({ change: 'remove', reason: 'locked' })
    expect(leave(emptyRealm(), decision).change).toMatchObject({ change: 'hold back', reason: 'locked', rows: [] })
  })
})
