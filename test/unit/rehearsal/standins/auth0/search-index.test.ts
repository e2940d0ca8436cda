import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matcherOf, pinOf } from '../../../../../src/rehearsal/standins/auth0/operations/search-query.ts'
import type { User, UserIdentity } from '../../../../../src/rehearsal/standins/auth0/tenant.ts'
import { userBody } from '../../../../../src/rehearsal/standins/auth0/user-body.ts'
import { openSearchIndex, type SearchIndex } from '../../../../../src/rehearsal/standins/auth0/users/search-index.ts'
import { searchable, searchedLater } from '../../../../../src/rehearsal/standins/auth0/users/searched-later.ts'
import { openUserStore } from '../../../../../src/rehearsal/standins/auth0/users/store.ts'
import { standInUser } from '../../../../support/auth0/users.ts'

const ids = (users: Iterable<User>): readonly string[] => [...users].map(({ userId }) => userId).toSorted()

const linkedTo = (userId: string): UserIdentity => ({
  connection: 'people',
  provider: 'auth0',
  userId,
  isSocial: false,
  profileData: {},
})

describe('the index of searches', () => {
  it('finds by every field what going through everybody finds, whatever is put and removed', () => {
    const name = fc.constantFrom('ada', 'grace', 'joan')
    const user = fc
      .record({ id: name, email: fc.option(name), linked: fc.option(name), notes: fc.array(name, { maxLength: 2 }) })
      .map(({ id, email, linked, notes }) => {
        const own = { connection: 'people', provider: 'auth0', userId: id, isSocial: false }
        return standInUser(id, {
          identities: [own, ...(linked === null ? [] : [linkedTo(`${linked}-before`)])],
          ...(email === null ? {} : { email: `${email}@Example.com` }),
          appMetadata: { matrix: { external_ids: notes } },
        })
      })
    const step = fc.oneof(
      user.map((put) => (index: SearchIndex) => index.put(put)),
      name.map((id) => (index: SearchIndex) => index.remove(`auth0|${id}`)),
    )
    const queries = ['ada', 'grace', 'joan'].flatMap((who) => [
      `identities.user_id:"${who}"`,
      `identities.user_id:"${who}-before"`,
      `identities.user_id:${who.toUpperCase()}`,
      `email:"${who}@example.com" AND identities.connection:"people"`,
      `_exists_:email AND app_metadata.matrix.external_ids:"${who}"`,
      `NOT user_id:"auth0|${who}" AND identities.connection:"people"`,
      `name:${who}* AND identities.provider:auth0`,
    ])
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat(12), (steps, searchedAfter) => {
        const index = openSearchIndex()
        for (const [at, take] of steps.entries()) {
          if (at === searchedAfter) index.having('identities.user_id', 'ada')
          take(index)
        }
        for (const query of queries) {
          const [matches, pin] = [matcherOf(query), pinOf(query)]
          if (matches === undefined || pin === undefined) throw new Error(`${query} is not understood`)
          const isFound = (one: User): boolean => matches(userBody(one))
          expect(ids([...index.having(pin.field, pin.text)].filter(isFound)), query).toEqual(
            ids([...index.all()].filter(isFound)),
          )
        }
      }),
    )
  })

  it('is no help to queries that anybody may match', () => {
    const open = ['', 'email:"ada" OR email:"grace"', 'NOT email:"ada"', '-email:"ada"', 'email:a*', '_exists_:email']
    expect(open.flatMap((query) => pinOf(query) ?? [])).toEqual([])
    expect(pinOf('_exists_:email AND identities.user_id:"a\\"b*"')).toEqual({
      field: 'identities.user_id',
      text: 'a"b*',
    })
  })
})

describe('a search', () => {
  it('sees each write when its time has come, by the index too', () => {
    let now = 0
    const store = searchedLater(openUserStore(), { now: () => now }, 5)
    const found = (): readonly (readonly string[])[] => [
      ids(searchable(store).all()),
      ids(searchable(store).having('username', 'ada')),
    ]
    store.put(standInUser('one', { username: 'ada' }))
    now = 4
    expect(found()).toEqual([[], []])
    store.put(standInUser('one', { username: 'grace' }))
    store.put(standInUser('two', { username: 'Ada' }))
    now = 5
    expect(found()).toEqual([['auth0|one'], ['auth0|one']])
    now = 9
    expect(found()).toEqual([['auth0|one', 'auth0|two'], ['auth0|two']])
    store.remove('auth0|two')
    expect(store.byId('auth0|two')).toBeUndefined()
    now = 13
    expect(found()).toEqual([['auth0|one', 'auth0|two'], ['auth0|two']])
    now = 14
    expect(found()).toEqual([['auth0|one'], []])
  })
})
