import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AdminApi, openAdminApi } from '../../../../src/targets/keycloak/api/admin-api.ts'
import {
  addLink,
  attributeQuery,
  countUsers,
  credentialsOf,
  deleteUser,
  findByEmail,
  findByLink,
  findByUsername,
  importUsers,
  membershipsOf,
  pageOfUsers,
  putUser,
  removeLink,
  type UserImport,
  userById,
  usersByIds,
} from '../../../../src/targets/keycloak/api/users-api.ts'
import { configOf } from '../../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { declareAttributes } from '../../../support/keycloak/profile.ts'
import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'

const missing = await whyNoKeycloak()
const { signal } = new AbortController()

const person = (username: string, changes: Partial<UserImport> = {}): UserImport => ({
  id: randomUUID(),
  username,
  email: `${username}@example.org`,
  emailVerified: true,
  enabled: true,
  createdTimestamp: 1_500_000_000_000,
  attributes: { syn2op_server: ['example.org:8448'] },
  requiredActions: [],
  federatedIdentities: [{ identityProvider: 'corporate', userId: `at work ${username}`, userName: username }],
  realmRoles: [],
  groups: [],
  credentials: [
    {
      type: 'password',
      createdDate: 1_400_000_000_000,
      secretData: JSON.stringify({ value: 'a hash', additionalParameters: {} }),
      credentialData: JSON.stringify({ hashIterations: 12, algorithm: 'synapse-bcrypt', additionalParameters: {} }),
    },
  ],
  ...changes,
})

describe.skipIf(missing !== undefined)(`the users of a realm${missing === undefined ? '' : ` (${missing})`}`, () => {
  let realm: TestRealm
  let api: AdminApi

  beforeAll(async () => {
    realm = await newRealm(await sharedKeycloak(), { profile: 'relaxed', identityProviders: ['corporate', 'other'] })
    await declareAttributes(realm)
    api = openAdminApi(configOf(realm))
  })
  afterAll(async () => {
    await api?.close()
    await realm?.remove()
  })

  it('are read back as they were imported, alone with their links', async () => {
    const ann = person('ann', { firstName: 'Ann' })
    expect(await importUsers(api, [ann], signal)).toEqual({ kind: 'imported' })
    const present = {
      id: ann.id,
      username: 'ann',
      email: 'ann@example.org',
      emailVerified: true,
      firstName: 'Ann',
      enabled: true,
      createdTimestamp: 1_500_000_000_000,
      attributes: { syn2op_server: ['example.org:8448'] },
      requiredActions: [],
    }

    expect([...(await usersByIds(api, [randomUUID(), ann.id], signal)).values()]).toEqual([present])
    expect(await userById(api, ann.id, signal)).toEqual({
      ...present,
      links: [{ alias: 'corporate', subject: 'at work ann' }],
    })
    expect(await credentialsOf(api, ann.id, signal)).toMatchObject({
      password: { createdDate: 1_400_000_000_000, algorithm: 'synapse-bcrypt' },
      otherCredentials: [],
    })
    expect(await userById(api, randomUUID(), signal)).toBeUndefined()
    expect(await credentialsOf(api, randomUUID(), signal)).toEqual({ otherCredentials: [] })
    expect(await membershipsOf(api, randomUUID(), signal)).toEqual({ realmRoles: [], clientRoles: [], groups: [] })
  })

  it.each(['a b%c', 'a/b?c#d', 'ü&=+;', '日本', '.,:@'])('are known by any id, such as %j', async (id) => {
    const user = person(`odd${Buffer.from(id).toString('hex')}`, { id })
    const {
      createdTimestamp: _created,
      federatedIdentities: _links,
      realmRoles: _roles,
      groups: _groups,
      ...fields
    } = user
    expect(await importUsers(api, [user], signal)).toEqual({ kind: 'imported' })

    expect((await userById(api, id, signal))?.username).toBe(user.username)
    expect(await putUser(api, { ...fields, email: 'changed@example.org' }, signal)).toEqual({ kind: 'done' })
    expect((await userById(api, id, signal))?.email).toBe('changed@example.org')
    expect(await addLink(api, id, { alias: 'other', subject: id }, signal)).toEqual({ kind: 'done' })
    expect(await findByLink(api, { alias: 'other', subject: id }, signal)).toMatchObject([{ id }])
    expect(await removeLink(api, id, 'other', signal)).toEqual({ kind: 'done' })
    expect(await deleteUser(api, id, signal)).toEqual({ kind: 'done' })
    expect(await deleteUser(api, id, signal)).toEqual({ kind: 'missing' })
  })

  it('are imported all or none, with the words of a clash', async () => {
    const [bob, eve] = [person('bob'), person('eve')]
    await importUsers(api, [bob], signal)
    const answer = await importUsers(api, [eve, person('BOB', { email: 'else@example.org' })], signal)

    expect(answer).toEqual({ kind: 'clash', status: 409, words: 'User with user name BOB already exists.' })
    expect(await userById(api, eve.id, signal)).toBeUndefined()
    expect(await importUsers(api, [{ ...eve, id: 'x'.repeat(37) }], signal)).toMatchObject({
      kind: 'refused',
      status: 500,
    })
    expect(await importUsers(api, [eve], signal)).toEqual({ kind: 'imported' })
  })

  it('are not changed to what Keycloak refuses, in words that name the field', async () => {
    const [kim, leo] = [person('kim'), person('leo')]
    await importUsers(api, [kim, leo], signal)
    const {
      createdTimestamp: _created,
      federatedIdentities: _links,
      realmRoles: _roles,
      groups: _groups,
      ...fields
    } = kim

    expect(await putUser(api, { ...fields, email: 'no address' }, signal)).toEqual({
      kind: 'refused',
      status: 400,
      words: 'email: error-invalid-email',
    })
    expect(await putUser(api, { ...fields, email: 'leo@example.org' }, signal)).toMatchObject({ kind: 'clash' })
    expect(await putUser(api, { ...fields, id: randomUUID() }, signal)).toEqual({ kind: 'missing' })
    expect(await addLink(api, kim.id, { alias: 'corporate', subject: 'second' }, signal)).toMatchObject({
      kind: 'clash',
    })
    expect(await removeLink(api, kim.id, 'other', signal)).toEqual({ kind: 'missing' })
  })

  it('are found exactly, and counted by attribute and link', async () => {
    const server = 'else.example.org:443'
    const people = ['mia', 'noa', 'pia'].map((name) => person(name, { attributes: { syn2op_server: [server] } }))
    await importUsers(api, people, signal)
    const q = attributeQuery('syn2op_server', server)

    expect(await countUsers(api, { q }, signal)).toBe(3)
    expect(await countUsers(api, { q, idpAlias: 'corporate' }, signal)).toBe(3)
    expect(await countUsers(api, { q, idpAlias: 'other' }, signal)).toBe(0)
    expect(await findByUsername(api, 'MIA', signal)).toMatchObject([{ username: 'mia' }])
    expect(await findByUsername(api, 'mi', signal)).toEqual([])
    expect(await findByEmail(api, 'Noa@example.org', signal)).toMatchObject([{ username: 'noa' }])
    const pages = [
      await pageOfUsers(api, { q, first: 0, max: 2, brief: true }, signal),
      await pageOfUsers(api, { q, first: 2, max: 2, brief: false }, signal),
    ]
    expect(pages.flat().map(({ username }) => username)).toEqual(['mia', 'noa', 'pia'])
    expect(pages.map((page) => page.length)).toEqual([2, 1])
    expect(pages[1]?.[0]?.attributes).toEqual({ syn2op_server: [server] })
  })

  it('are read by a thousand ids at once', async () => {
    const rosa = person('rosa')
    await importUsers(api, [rosa], signal)
    const ids = [...Array.from({ length: 1000 }, () => randomUUID()), rosa.id]

    expect([...(await usersByIds(api, ids, signal)).keys()]).toEqual([rosa.id])
  })
})
