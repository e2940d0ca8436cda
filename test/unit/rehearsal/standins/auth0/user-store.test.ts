import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { User, UserStore } from '../../../../../src/rehearsal/standins/auth0/tenant.ts'
import { openUserStore } from '../../../../../src/rehearsal/standins/auth0/users/store.ts'
import { standInUser } from '../../../../support/auth0/users.ts'

const ids = (users: Iterable<User>): readonly string[] => [...users].map(({ userId }) => userId)

describe('the users of a stand-in', () => {
  it('are found by what they are called, in their connection, in capital letters or not', () => {
    const store = openUserStore()
    const ada = standInUser('ada', { email: 'ada@example.com', username: 'ada', phoneNumber: '+12125550001' })
    store.put(ada)
    expect(store.byId('auth0|ada')).toBe(ada)
    expect(store.byEmail('people', 'ADA@example.com')).toBe(ada)
    expect(store.byUsername('people', 'Ada')).toBe(ada)
    expect(store.byPhone('people', '+12125550001')).toBe(ada)
    expect(store.byIdentity('auth0', 'ada')).toBe(ada)
    expect(store.byEmail('others', 'ada@example.com')).toBeUndefined()
    expect(store.byUsername('others', 'ada')).toBeUndefined()
  })

  it('are found by a linked identity, whose names go on being taken in its connection', () => {
    const store = openUserStore()
    const primary = standInUser('ada-at-idp', {
      email: 'ada@company.example',
      identities: [
        { connection: 'company', provider: 'oidc', userId: 'company|ada', isSocial: false },
        {
          connection: 'people',
          provider: 'auth0',
          userId: 'ada',
          isSocial: false,
          profileData: { email: 'ada@example.com', username: 'ada' },
        },
      ],
    })
    store.put(primary)
    expect(store.byIdentity('auth0', 'ada')).toBe(primary)
    expect(store.byUsername('people', 'ada')).toBe(primary)
    expect(store.byEmail('people', 'ada@example.com')).toBe(primary)
    expect(store.withEmail('ada@example.com')).toEqual([])
    expect(store.withEmail('Ada@Company.example')).toEqual([primary])
  })

  it('lose the names and the identity of somebody who is linked to them no more', () => {
    const store = openUserStore()
    const own = { connection: 'company', provider: 'oidc', userId: 'company|ada', isSocial: false }
    const linked = {
      connection: 'people',
      provider: 'auth0',
      userId: 'ada',
      isSocial: false,
      profileData: { username: 'ada' },
    }
    store.put(standInUser('primary', { identities: [own, linked] }))
    store.put(standInUser('primary', { identities: [own] }))
    expect(store.byIdentity('auth0', 'ada')).toBeUndefined()
    expect(store.byUsername('people', 'ada')).toBeUndefined()
    expect(store.byIdentity('oidc', 'company|ada')?.userId).toBe('auth0|primary')
  })

  it('can share an e-mail address', () => {
    const store = openUserStore()
    for (const name of ['ada', 'grace', 'joan']) store.put(standInUser(name, { email: 'office@example.com' }))
    expect(ids(store.withEmail('office@example.com'))).toEqual(['auth0|ada', 'auth0|grace', 'auth0|joan'])
    store.remove('auth0|grace')
    expect(ids(store.withEmail('office@example.com'))).toEqual(['auth0|ada', 'auth0|joan'])
    store.remove('auth0|ada')
    store.remove('auth0|joan')
    expect(store.withEmail('office@example.com')).toEqual([])
    expect(store.count()).toBe(0)
  })

  it('agree with a plain list, whatever is put and removed', () => {
    const name = fc.constantFrom('ada', 'grace', 'joan')
    const connection = fc.constantFrom('people', 'others')
    const user = fc
      .record({ id: name, connection, email: fc.option(name), username: fc.option(name), phone: fc.option(name) })
      .map(({ id, connection: home, email, username, phone }) =>
        standInUser(id, {
          identities: [{ connection: home, provider: 'auth0', userId: id, isSocial: false }],
          ...(email === null ? {} : { email: `${email}@example.com` }),
          ...(username === null ? {} : { username }),
          ...(phone === null ? {} : { phoneNumber: phone }),
        }),
      )
    const step = fc.oneof(
      user.map((put) => (store: UserStore, list: User[]) => {
        const at = list.findIndex(({ userId }) => userId === put.userId)
        if (at === -1) list.push(put)
        else list[at] = put
        store.put(put)
      }),
      name.map((id) => (store: UserStore, list: User[]) => {
        const at = list.findIndex(({ userId }) => userId === `auth0|${id}`)
        if (at !== -1) list.splice(at, 1)
        store.remove(`auth0|${id}`)
      }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const store = openUserStore()
        const list: User[] = []
        for (const take of steps) take(store, list)
        expect([...store.all()]).toEqual(list)
        expect(store.count()).toBe(list.length)
        for (const home of ['people', 'others'])
          for (const who of ['ada', 'grace', 'joan']) {
            const those = list.filter(({ identities: [own] }) => own?.connection === home)
            const email = `${who}@example.com`
            const sharing = store.withEmail(email).filter(({ identities: [own] }) => own?.connection === home)
            expect(new Set(sharing)).toEqual(new Set(those.filter((each) => each.email === email)))
            expect(store.byEmail(home, email)?.email).toBe(those.find((each) => each.email === email)?.email)
            expect(store.byUsername(home, who)?.username).toBe(those.find((each) => each.username === who)?.username)
            expect(store.byPhone(home, who)?.phoneNumber).toBe(
              those.find((each) => each.phoneNumber === who)?.phoneNumber,
            )
            expect(store.byIdentity('auth0', who)).toBe(list.find(({ userId }) => userId === `auth0|${who}`))
          }
      }),
    )
  })
})
