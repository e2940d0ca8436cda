import { describe, expect, it } from 'vitest'
import { hashOf } from '../accounts/people.ts'
import { account, type FakeRealm, fakeRealm } from '../apply/fake-realm.ts'

const EVERYBODY = [
  account('both', { google: 'B', password: hashOf('b') }),
  account('password', { password: hashOf('p') }),
  account('link', { google: 'L' }),
  account('neither', { email: 'neither@x.org' }),
]

const migrated = async (): Promise<FakeRealm> => {
  const realm = fakeRealm()
  await realm.open().run('r1', EVERYBODY)
  realm.asked.length = 0
  return realm
}

const userOf = (realm: FakeRealm, name: string) => {
  const user = [...realm.users.values()].find(({ username }) => username === name)
  if (user === undefined) throw new Error(`nobody is called ${name}`)
  return user
}

/** What was asked of single users, with their names, and the changes by name. */
const looked = async (realm: FakeRealm) => {
  const changes = await realm.open().plan(EVERYBODY)
  const asked = realm.asked
    .filter((line) => !line.includes('users/count'))
    .map((line) => [...realm.users].reduce((text, [id, { username }]) => text.replace(id, username), line))
  return {
    asked: asked.toSorted(),
    told: Object.fromEntries(
      changes.map(({ mxid, change, reason, rows }) => [
        mxid.slice(1, mxid.indexOf(':')),
        [reason ?? change, ...rows.flatMap(({ relation, theirs }) => (theirs === 0 ? [] : [relation]))],
      ]),
    ),
  }
}

const AS_MIGRATED = { both: ['unchanged'], password: ['unchanged'], link: ['unchanged'], neither: ['unchanged'] }

describe('a thorough look at people who are as they were written', () => {
  it('asks once for each password that there should be, and once for each identity', async () => {
    const { asked, told } = await looked(await migrated())
    expect(told).toEqual(AS_MIGRATED)
    expect(asked).toEqual([
      'GET users B',
      'GET users L',
      'GET users/both/credentials',
      'GET users/password/credentials',
    ])
  })
})

describe('a thorough look at people whom somebody has changed', () => {
  it('finds a password that is gone, and one that was set anew', async () => {
    const realm = await migrated()
    userOf(realm, 'both').credentials = []
    userOf(realm, 'password').credentials = [{ id: 'new', type: 'password', createdDate: 5, credentialData: '{}' }]
    expect((await looked(realm)).told).toEqual({
      ...AS_MIGRATED,
      both: ['unchanged', 'password'],
      password: ['unchanged', 'password'],
    })
  })

  it('finds a link that is gone, and one that leads to somebody else', async () => {
    const realm = await migrated()
    userOf(realm, 'both').federatedIdentities = []
    userOf(realm, 'link').federatedIdentities = [{ identityProvider: 'google', userId: 'X', userName: 'X' }]
    expect((await looked(realm)).told).toEqual({
      ...AS_MIGRATED,
      both: ['unchanged', 'external_id'],
      link: ['unchanged', 'external_id'],
    })
  })

  it('finds a link that another user has as well', async () => {
    const realm = await migrated()
    realm.stranger('stranger', { google: 'L' })
    expect((await looked(realm)).told).toEqual({ ...AS_MIGRATED, link: ['identity_taken'] })
  })

  it('finds a link that has moved to another user, and whoever is gone', async () => {
    const realm = await migrated()
    userOf(realm, 'link').federatedIdentities = []
    realm.stranger('stranger', { google: 'L' })
    realm.users.delete(userOf(realm, 'password').id)
    expect((await looked(realm)).told).toEqual({
      ...AS_MIGRATED,
      link: ['unchanged', 'external_id'],
      password: ['create'],
    })
  })
})

describe('a look of which Keycloak fails over one question', () => {
  it('asks of nobody else once that is told', async () => {
    const realm = fakeRealm()
    const many = Array.from({ length: 60 }, (_, n) => account(`person${n}`, { password: hashOf(`p${n}`) }))
    await realm.open().run('r1', many)
    const isOfOne = (path: string): boolean => path.endsWith('/credentials')
    let asked = 0
    realm.onTheWay = ({ path }) => {
      if (isOfOne(path) && ++asked === 3) throw new Error('nobody answers')
      return undefined
    }
    await expect(realm.open().plan(many)).rejects.toThrow('nobody answers')
    const then = asked
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(asked).toBe(then)
    expect(asked).toBeLessThan(20)
  })
})
