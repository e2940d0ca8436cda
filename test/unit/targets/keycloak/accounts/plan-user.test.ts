import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import type { RowChanges } from '../../../../../src/targets/changes.ts'
import { planAbsence } from '../../../../../src/targets/keycloak/accounts/plan-absence.ts'
import { stepsOf } from '../../../../../src/targets/keycloak/accounts/user-requests.ts'
import {
  ADDRESS_DEEDS,
  ANOTHER_PASSWORD,
  account,
  anna,
  DEEDS,
  emailsOf,
  hashOf,
  holdings,
  MXID,
  migrate,
  NAMES,
  plan,
  planByAll,
  USES,
} from './people.ts'
import { edit, emptyRealm, type ModelUser, type RealmModel, see, withoutPassword } from './realm-model.ts'

const counted = (rows: readonly RowChanges[], relation: RowChanges['relation']): RowChanges | undefined =>
  rows.find((row) => row.relation === relation)

const realmWith = (one: Account): RealmModel => {
  const realm = emptyRealm()
  migrate(realm, one)
  return realm
}

const depth = fc.constantFrom('quick', 'thorough')

describe('an account that Keycloak does not have', () => {
  it('is created with all of its rows', () => {
    const { change } = plan(emptyRealm(), anna())
    expect(change.change).toBe('create')
    expect(change.rows.map(({ relation, create }) => [relation, create])).toEqual([
      ['account', 1],
      ['password', 1],
      ['threepid', 3],
      ['external_id', 1],
    ])
  })

  it('is found as it was written, whatever it has', () => {
    fc.assert(
      fc.property(account, depth, (one, how) => {
        const realm = realmWith(one)
        const { change, requests } = plan(realm, one, { runId: 'run-2', depth: how })
        expect(change.change).toBe('unchanged')
        expect(requests.kind).toBe('nothing')
        for (const { create, update, remove, theirs } of change.rows) {
          expect([create, update, remove, theirs]).toEqual([0, 0, 0, 0])
        }
      }),
    )
  })

  it('counts every row of the source once', () => {
    fc.assert(
      fc.property(account, (one) => {
        const { rows } = plan(emptyRealm(), one).change
        const count = (relation: RowChanges['relation']): number => {
          const row = counted(rows, relation)
          return (row?.create ?? 0) + (row?.foreign ?? 0)
        }
        expect(count('threepid')).toBe(one.threepids.length)
        expect(count('external_id')).toBe(one.identities.length)
      }),
    )
  })

  it('is refused in words where Keycloak would fail over its name', () => {
    for (const username of ['', 'x'.repeat(256), 'x\0y']) {
      expect(plan(emptyRealm(), anna({ username })).requests.kind).toBe('refuse')
    }
  })
})

describe('an account that changes in the source', () => {
  it('ends as if it had been created so', () => {
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 5 }), depth, (states, how) => {
        const realm = emptyRealm()
        for (const [index, state] of states.entries()) migrate(realm, state, { runId: `run-${index}`, depth: how })
        expect(holdings(realm)).toEqual(holdings(realmWith(states.at(-1) ?? anna())))
      }),
      { numRuns: 500 },
    )
  })

  it('is planned alike by a quick look and a thorough one while nobody touches Keycloak', () => {
    fc.assert(
      fc.property(account, account, (before, after) => {
        const realm = realmWith(before)
        const [quick, thorough] = [
          plan(realm, after, { runId: 'run-2', depth: 'quick' }),
          plan(realm, after, { runId: 'run-2', depth: 'thorough' }),
        ]
        expect(quick).toEqual(thorough)
      }),
    )
  })

  it('is not written again for what is given once: roles of an administrator', () => {
    const realm = realmWith(anna())
    expect(plan(realm, anna({ isAdmin: true }), { runId: 'run-2' }).change.change).toBe('unchanged')
  })

  it('moves the primary address from the attribute to the field, and the other one back', () => {
    const realm = realmWith(anna())
    const { change } = migrate(realm, anna({ primaryEmail: 'other@example.org' }), { runId: 'run-2' })
    expect(counted(change.rows, 'threepid')).toMatchObject({ update: 2, unchanged: 1, create: 0, remove: 0 })
    expect(realm.user?.email).toBe('other@example.org')
    expect(realm.user?.attributes['emails']).toEqual(['anna@example.org'])
  })

  it('says which address it gives up', () => {
    const { requests } = plan(realmWith(anna()), anna({ threepids: [] }), { runId: 'run-2' })
    expect(requests).toMatchObject({ kind: 'change', freesEmail: 'anna@example.org' })
  })
})

describe('a run that dies between the requests of one account', () => {
  const deaths = fc.array(fc.record({ state: account, killedAfter: fc.nat({ max: 6 }) }), { maxLength: 4 })

  it('leaves what the next one brings to what it would have been, whatever the source has become by then', () => {
    fc.assert(
      fc.property(account, deaths, account, depth, (first, died, last, how) => {
        const realm = realmWith(first)
        for (const [index, { state, killedAfter }] of died.entries()) {
          migrate(realm, state, { runId: `run-${index + 2}`, depth: how, killedAfter })
        }
        const { change } = migrate(realm, last, { runId: 'run-8', depth: how })
        expect(change.rows.reduce((sum, { theirs }) => sum + theirs, 0)).toBe(0)
        expect(holdings(realm)).toEqual(holdings(realmWith(last)))
        expect(plan(realm, last, { runId: 'run-9' }).requests.kind).toBe('nothing')
      }),
      { numRuns: 1000 },
    )
  })

  it('leaves a user of whom all is known as ours: it goes when its account does', () => {
    fc.assert(
      fc.property(account, deaths, (first, died) => {
        const realm = realmWith(first)
        for (const [index, { state, killedAfter }] of died.entries()) {
          migrate(realm, state, { runId: `run-${index + 2}`, killedAfter })
        }
        const { requests } = planAbsence({ mxid: MXID, decision: 'gone' }, see(realm, 'alone'), NAMES)
        expect(requests.kind).toBe('delete')
      }),
    )
  })

  it('takes no link from anybody before Keycloak has taken all else', () => {
    const realm = realmWith(anna())
    const changed = anna({ identities: [{ authProvider: 'oidc-google', providerId: 'google', subject: 'g2' }] })
    const { requests } = plan(realm, changed, { runId: 'run-2' })
    const kinds = requests.kind === 'change' ? stepsOf(requests).map(({ kind }) => kind) : []
    expect(kinds).toEqual(['put', 'remove link', 'add link', 'put'])
  })
})

describe('a lock', () => {
  const isLocked = true

  it('arrives though somebody has changed other things of the account, and so does its end', () => {
    const realm = realmWith(anna())
    edit(realm, (user) => ({ ...user, attributes: { ...user.attributes, displayname: ['Mine'] } }))
    const { change } = migrate(realm, anna({ isLocked }), { runId: 'run-2' })
    expect(counted(change.rows, 'account')).toMatchObject({ update: 1, theirs: 0 })
    expect(realm.user).toMatchObject({ enabled: false, attributes: { displayname: ['Mine'] } })
    migrate(realm, anna(), { runId: 'run-3' })
    expect(realm.user).toMatchObject({ enabled: true, attributes: { displayname: ['Mine'] } })
  })

  it('that somebody has lifted stays lifted until the source locks anew', () => {
    const realm = realmWith(anna({ isLocked }))
    edit(realm, (user) => ({ ...user, enabled: true }))
    const { change } = migrate(realm, anna({ isLocked }), { runId: 'run-2' })
    expect(counted(change.rows, 'account')?.theirs).toBe(1)
    expect(realm.user?.enabled).toBe(true)
    migrate(realm, anna(), { runId: 'run-3' })
    migrate(realm, anna({ isLocked }), { runId: 'run-4' })
    expect(realm.user?.enabled).toBe(false)
  })

  it('of the source that comes and goes lets nobody in whom somebody had shut out', () => {
    const realm = realmWith(anna())
    edit(realm, (user) => ({ ...user, enabled: false }))
    migrate(realm, anna({ isLocked }), { runId: 'run-2' })
    migrate(realm, anna(), { runId: 'run-3' })
    expect(realm.user?.enabled).toBe(false)
  })
})

describe('what somebody changed at Keycloak', () => {
  for (const deed of DEEDS) {
    it(`stays and is told as theirs: who ${deed.what}`, () => {
      const realm = realmWith(anna())
      edit(realm, deed.do)
      const before = holdings(realm)
      const { change } = migrate(realm, anna(), { runId: 'run-2' })
      expect(counted(change.rows, deed.relation)?.theirs).toBe(1)
      expect(holdings(realm)).toEqual(before)
    })

    it(`stays whatever the source says later: who ${deed.what}`, () => {
      fc.assert(
        fc.property(fc.array(account, { minLength: 1, maxLength: 3 }), depth, (later, how) => {
          const realm = realmWith(anna())
          edit(realm, deed.do)
          const before = realm.user === undefined ? undefined : deed.stays(realm.user)
          for (const [index, one] of later.entries()) {
            if (deed.untilSourceHasNone?.(one) === true) return
            migrate(realm, one, { runId: `run-${index + 2}`, depth: how })
            expect(realm.user === undefined ? undefined : deed.stays(realm.user)).toEqual(before)
          }
        }),
      )
    })
  }

  it('leaves nothing to do after a run, whatever it was', () => {
    const deeds = [...DEEDS.map((deed) => deed.do), ...ADDRESS_DEEDS]
    fc.assert(
      fc.property(account, fc.subarray(deeds), account, depth, (before, done, after, how) => {
        const realm = realmWith(before)
        for (const deed of done) edit(realm, deed)
        migrate(realm, after, { runId: 'run-2', depth: how })
        const { change, requests } = plan(realm, after, { runId: 'run-3' })
        expect([change.change, requests.kind]).toEqual(['unchanged', 'nothing'])
        for (const { create, update, remove } of change.rows) expect([create, update, remove]).toEqual([0, 0, 0])
      }),
      { numRuns: 1000 },
    )
  })

  it('is told alike by what is asked of somebody as by all that can be seen of them', () => {
    const deeds = [
      ...DEEDS.map((deed) => deed.do),
      ...ADDRESS_DEEDS,
      ...USES.map((use) => use.do),
      (user: ModelUser): ModelUser => ({ ...user, links: [] }),
      (user: ModelUser): ModelUser => ({
        ...user,
        links: [...user.links, { alias: 'elsewhere', subject: 's1' }].map((link) => ({ ...link, subject: 's1' })),
      }),
    ]
    const states = fc.oneof(
      account.map((one) => [one, one] as const),
      fc.tuple(account, account),
    )
    fc.assert(
      fc.property(states, fc.subarray(deeds), ([before, now], done) => {
        const realm = realmWith(before)
        for (const deed of done) edit(realm, deed)
        const { change, requests } = planByAll(realm, now, { runId: 'run-2' })
        expect(plan(realm, now, { runId: 'run-2', depth: 'thorough' })).toEqual({ change, requests })
      }),
      { numRuns: 1000 },
    )
  })

  it('is told as foreign where we never wrote: a password, a primary address and a link of their own', () => {
    const { passwordHash: _, primaryEmail: __, ...bare } = anna({ threepids: [], identities: [] })
    const realm = realmWith(bare)
    edit(realm, (user) => ({
      ...user,
      email: 'mine@home.org',
      password: ANOTHER_PASSWORD,
      links: [{ alias: 'google', subject: 'mine' }],
    }))
    const before = structuredClone(realm.user)
    const { change } = migrate(realm, anna(), { runId: 'run-2' })
    expect(change.rows.map(({ relation, create, foreign }) => [relation, create, foreign])).toEqual([
      ['account', 0, 0],
      ['password', 0, 1],
      ['threepid', 2, 1],
      ['external_id', 0, 1],
    ])
    expect(realm.user).toMatchObject({ email: before?.email, password: before?.password, links: before?.links })
  })

  it('keeps an address in the attribute that would be primary, while the field is somebody else’s', () => {
    const realm = realmWith(anna())
    edit(realm, (user) => ({ ...user, email: 'mine@home.org' }))
    const { change } = migrate(realm, anna({ primaryEmail: 'other@example.org' }), { runId: 'run-2' })
    expect(counted(change.rows, 'threepid')).toMatchObject({ theirs: 2, unchanged: 1, remove: 0 })
    expect(realm.user?.email).toBe('mine@home.org')
    expect(realm.user && emailsOf(realm.user)).toEqual(['other@example.org'])
  })

  it('is not undone by another choice of the primary address: one that was taken away stays away', () => {
    const realm = realmWith(anna())
    edit(realm, (user) => ({ ...user, attributes: { ...user.attributes, emails: [] } }))
    const { change } = migrate(realm, anna({ primaryEmail: 'other@example.org' }), { runId: 'run-2' })
    expect(counted(change.rows, 'threepid')).toMatchObject({ theirs: 1, update: 1, create: 0 })
    expect(realm.user?.email).toBeUndefined()
  })

  it('is not moved: an address that they gave, or put in the other place', () => {
    const moved = realmWith(anna())
    edit(moved, ({ email = '', ...user }) => ({
      ...user,
      attributes: { ...user.attributes, emails: ['other@example.org', email] },
    }))
    expect(counted(plan(moved, anna(), { runId: 'run-2' }).change.rows, 'threepid')).toMatchObject({ theirs: 1 })

    const given = realmWith(anna({ threepids: [] }))
    edit(given, (user) => ({ ...user, attributes: { ...user.attributes, emails: ['anna@example.org'] } }))
    const { change } = migrate(given, anna(), { runId: 'run-2' })
    expect(counted(change.rows, 'threepid')).toMatchObject({ foreign: 1, create: 2, update: 0 })
    expect(given.user?.email).toBeUndefined()
  })

  it('keeps no other row from following the source', () => {
    fc.assert(
      fc.property(account, account, (before, after) => {
        const [touched, untouched] = [realmWith(before), realmWith(before)]
        edit(touched, (user) => ({ ...user, password: ANOTHER_PASSWORD }))
        for (const realm of [touched, untouched]) {
          migrate(realm, after, { runId: 'run-2' })
          edit(realm, withoutPassword)
        }
        expect(holdings(touched)).toEqual(holdings(untouched))
      }),
    )
  })

  it('stays where nothing of ours is: attributes, names and addresses that others gave', () => {
    fc.assert(
      fc.property(account, account, (before, after) => {
        const realm = realmWith(before)
        edit(realm, (user) => ({
          ...user,
          attributes: {
            ...user.attributes,
            locale: ['fi'],
            emails: [...(user.attributes['emails'] ?? []), 'given@by.others'],
          },
        }))
        migrate(realm, after, { runId: 'run-2' })
        expect(realm.user?.attributes).toMatchObject({ locale: ['fi'] })
        expect(realm.user?.attributes['emails']).toContain('given@by.others')
      }),
    )
  })

  it('is not overwritten by an attribute that the mapping has only now', () => {
    const realm = realmWith(anna())
    edit(realm, (user) => ({ ...user, attributes: { ...user.attributes, colour: ['red'] } }))
    const { change } = migrate(realm, anna({ attributes: { displayname: 'Anna', colour: 'blue' } }), { runId: 'run-2' })
    expect(counted(change.rows, 'account')?.theirs).toBe(1)
    expect(realm.user?.attributes['colour']).toEqual(['red'])
  })

  it('does not come back: an address, a link, a password that was removed there', () => {
    const realm = realmWith(anna())
    edit(realm, (user) => {
      const { email: _, ...rest } = withoutPassword(user)
      return { ...rest, links: [], attributes: { ...user.attributes, emails: [], phones: [] } }
    })
    const { change } = migrate(realm, anna(), { runId: 'run-2' })
    expect(change.change).toBe('unchanged')
    expect(change.rows.map(({ relation, theirs }) => [relation, theirs])).toEqual([
      ['account', 0],
      ['password', 1],
      ['threepid', 3],
      ['external_id', 1],
    ])
  })
})

describe('a user that is not known to be ours', () => {
  it('is a conflict and is not touched, whatever is in its marks', () => {
    fc.assert(
      fc.property(account, fc.array(fc.string()), (one, garbage) => {
        const realm = realmWith(anna())
        edit(realm, (user) => ({ ...user, attributes: { ...user.attributes, syn2op_written: garbage } }))
        const before = structuredClone(realm.user)
        const { change } = migrate(realm, one, { runId: 'run-2' })
        expect(change).toMatchObject({ change: 'conflict', reason: 'username_taken', rows: [] })
        expect(realm.user).toEqual(before)
      }),
    )
  })

  it('is a conflict where the marks are those of another account', () => {
    const realm = realmWith(anna())
    const { change } = plan(realm, anna({ mxid: '@eve:example.org', localpart: 'eve' }), { runId: 'run-2' })
    expect(change.change).toBe('conflict')
  })
})

describe('secrets', () => {
  it('are in no change, and in nothing that Keycloak tells of a user', () => {
    const realm = emptyRealm()
    const told = [
      migrate(realm, anna()).change,
      migrate(realm, anna({ passwordHash: hashOf('b') }), { runId: 'run-2' }).change,
      realm.user?.attributes,
    ]
    expect(JSON.stringify(told)).not.toMatch(/\$2b|a{53}|b{53}/u)
  })
})
