import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { userIdOf } from '../../../../src/targets/keycloak/accounts/user-id.ts'
import { openAdminApi } from '../../../../src/targets/keycloak/api/admin-api.ts'
import { openCanaryLogins } from '../../../../src/targets/keycloak/login/canary.ts'
import type { LoginResult } from '../../../../src/targets/target.ts'
import { configOf } from '../../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'

const missing = await whyNoKeycloak()
const { signal } = new AbortController()
const ROLES = ['manage-realm', 'manage-users', 'manage-clients']

/** bcrypt of the letter a, without a pepper: made where Keycloak has one, it fits nothing. */
const OTHER_HASH = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'

describe.skipIf(missing !== undefined)(`a trial of passwords${missing === undefined ? '' : ` (${missing})`}`, () => {
  let realm: TestRealm

  const mxidOf = (name: string): string => `@${name}:example.org`
  const PASSWORD = { type: 'password', value: 'correct horse' }

  const bring = async (name: string, changes: object = { credentials: [PASSWORD] }): Promise<void> => {
    const user = { id: userIdOf(realm.name, mxidOf(name)), username: name, enabled: true, ...changes }
    await realm.admin.post('partialImport', { ifResourceExists: 'FAIL', users: [user] })
  }

  const clients = async (): Promise<readonly string[]> =>
    (await realm.admin.get('clients', z.array(z.object({ clientId: z.string() }))))
      .map(({ clientId }) => clientId)
      .filter((clientId) => clientId.startsWith('syn2op-canary'))

  const tryAll = async (
    canaries: readonly (readonly [name: string, password: string])[],
    stop: AbortSignal = signal,
  ): Promise<readonly LoginResult[]> => {
    const api = openAdminApi(configOf(realm))
    const logins = openCanaryLogins(api, configOf(realm))
    try {
      const results: LoginResult[] = []
      for (const [name, password] of canaries) {
        results.push(await logins.login({ mxid: mxidOf(name), password }, { signal: stop }))
      }
      return results
    } finally {
      await logins.close()
      await api.close()
    }
  }

  const messageOf = async (name: string, password = 'correct horse'): Promise<string | undefined> =>
    (await tryAll([[name, password]]))[0]?.message

  beforeAll(async () => {
    realm = await newRealm(await sharedKeycloak(), { profile: 'relaxed', roles: ROLES })
    await bring('ann')
    await bring('bob')
  })
  afterAll(() => realm?.remove())

  it('lets in who knows the password, several people by one client, and leaves neither client nor session', async () => {
    expect(
      await tryAll([
        ['ann', 'correct horse'],
        ['bob', 'correct horse'],
      ]),
    ).toEqual([
      { mxid: '@ann:example.org', loggedIn: true },
      { mxid: '@bob:example.org', loggedIn: true },
    ])
    expect(await clients()).toEqual([])
    const sessions = await realm.admin.send('GET', `users/${userIdOf(realm.name, mxidOf('ann'))}/sessions`)
    expect(sessions.body).toEqual([])
  })

  it('tells a wrong password, without the password', async () => {
    const [result] = await tryAll([['ann', 'not-this-one']])
    expect(result).toMatchObject({ loggedIn: false, message: expect.stringContaining('Invalid user credentials') })
    expect(result?.message).not.toContain('not-this-one')
  })

  it('says of a hash of Synapse that is refused where to look', async () => {
    const credentialData = JSON.stringify({ hashIterations: 6, algorithm: 'synapse-bcrypt', additionalParameters: {} })
    const secretData = JSON.stringify({ value: OTHER_HASH, additionalParameters: {} })
    await bring('hashed', { credentials: [{ type: 'password', credentialData, secretData }] })
    expect(await messageOf('hashed', 'a')).toMatch(/Keycloak lacks the provider or its pepper; see syn2op check/)
  })

  it('lets in, and has Keycloak hash as usual, where the policy names the provider with iterations for another', async () => {
    await realm.admin.put('', { passwordPolicy: 'hashAlgorithm(synapse-bcrypt) and hashIterations(50)' })
    const path = `users/${userIdOf(realm.name, mxidOf('bob'))}`
    const credentialData = z.array(z.object({ credentialData: z.string() }))
    try {
      await realm.admin.put(`${path}/reset-password`, PASSWORD)
      expect(await tryAll([['bob', 'correct horse']])).toMatchObject([{ loggedIn: true }])
      const [own] = await realm.admin.get(`${path}/credentials`, credentialData)
      expect(JSON.parse(own?.credentialData ?? '')).toMatchObject({ algorithm: 'argon2', hashIterations: 5 })
    } finally {
      await realm.admin.put('', { passwordPolicy: '' })
    }
  })

  it('says what waits for somebody who is not set up', async () => {
    await bring('waits', { credentials: [PASSWORD], requiredActions: ['UPDATE_PASSWORD'] })
    expect(await messageOf('waits')).toMatch(/not fully set up: required actions wait: UPDATE_PASSWORD/)
  })

  it('says of a disabled user, of one without a password, and of nobody what they are', async () => {
    await bring('off', { credentials: [PASSWORD], enabled: false })
    await bring('none', {})
    expect(await messageOf('off')).toMatch(/the user is disabled/)
    expect(await messageOf('none')).toMatch(/the user has no password/)
    expect(await messageOf('nobody')).toMatch(/no user/)
  })

  it('says which field of the profile is asked for', async () => {
    const { body } = await realm.admin.send('GET', 'users/profile')
    const profile = z.looseObject({ attributes: z.array(z.unknown()) }).parse(body)
    const team = {
      name: 'team',
      required: { roles: ['user'] },
      permissions: { view: ['admin'], edit: ['admin', 'user'] },
    }
    await realm.admin.put('users/profile', { ...profile, attributes: [...profile.attributes, team] })
    try {
      expect(await messageOf('ann')).toMatch(/the user profile requires team/)
    } finally {
      await realm.admin.put('users/profile', profile)
    }
  })

  it('says that the realm asks for more where its flow for such logins is another', async () => {
    await realm.admin.post('authentication/flows/direct%20grant/copy', { newName: 'with more' })
    await realm.admin.put('', { directGrantFlow: 'with more' })
    try {
      expect(await messageOf('ann', 'wrong')).toMatch(/direct grant flow is "with more"/)
    } finally {
      await realm.admin.put('', { directGrantFlow: 'direct grant' })
    }
  })

  it('deletes what a trial that was killed has left, and not the client of one that may be at work', async () => {
    const [old, young] = [3_600_000, 0].map((age) => `syn2op-canary-${(Date.now() - age).toString(36)}-x`)
    await realm.admin.post('clients', { clientId: old })
    await realm.admin.post('clients', { clientId: young })
    await tryAll([['ann', 'correct horse']])
    expect(await clients()).toEqual([young])
    const found = await realm.admin.get(`clients?clientId=${young}`, z.array(z.object({ id: z.string() })))
    await realm.admin.delete(`clients/${found[0]?.id}`)
  })

  it('names its client when it is made, not long before, and makes one where an attempt has failed', async () => {
    const api = openAdminApi(configOf(realm))
    const logins = openCanaryLogins(api, configOf(realm))
    const before = Date.now()
    const refused = new AbortController()
    const unanswered: typeof api = {
      ...api,
      send: (request) =>
        request.path === 'clients' && request.method === 'POST' && !refused.signal.aborted
          ? Promise.reject(new Error('lost once'))
          : api.send(request),
    }
    const others = openCanaryLogins(unanswered, configOf(realm))
    const ann = { mxid: mxidOf('ann'), password: 'correct horse' }
    try {
      await sleep(50)
      const made = Date.now()
      await logins.login(ann, { signal })
      const [clientId = ''] = await clients()
      expect(Number.parseInt(clientId.slice('syn2op-canary-'.length), 36)).toBeGreaterThanOrEqual(made)
      expect(made).toBeGreaterThan(before)
      await expect(others.login(ann, { signal })).rejects.toThrow('lost once')
      refused.abort()
      expect(await others.login(ann, { signal })).toMatchObject({ loggedIn: true })
    } finally {
      await others.close()
      await logins.close()
      await api.close()
    }
    expect(await clients()).toEqual([])
  })

  it('deletes its client also where it is aborted in a login', async () => {
    const stop = new AbortController()
    const api = openAdminApi(configOf(realm))
    const logins = openCanaryLogins(api, configOf(realm))
    await logins.login({ mxid: mxidOf('ann'), password: 'correct horse' }, stop)
    expect(await clients()).toHaveLength(1)
    const login = logins.login({ mxid: mxidOf('bob'), password: 'correct horse' }, stop)
    stop.abort(new Error('stopped'))
    await expect(login).rejects.toThrow('stopped')
    await logins.close()
    await api.close()
    expect(await clients()).toEqual([])
  })

  it('is refused by name of the role where it may not make clients', async () => {
    const other = await newRealm(await sharedKeycloak(), { profile: 'relaxed' })
    const api = openAdminApi(configOf(other))
    const logins = openCanaryLogins(api, configOf(other))
    try {
      const user = { id: userIdOf(other.name, mxidOf('ann')), username: 'ann', enabled: true }
      await other.admin.post('partialImport', { ifResourceExists: 'FAIL', users: [user] })
      const login = logins.login({ mxid: mxidOf('ann'), password: 'x' }, { signal })
      await expect(login).rejects.toMatchObject({
        code: 'target.not-allowed',
        message: expect.stringContaining('clients'),
      })
    } finally {
      await logins.close()
      await api.close()
      await other.remove()
    }
  })
})
