import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { isUnclear } from '../../../../src/targets/http/unclear.ts'
import { type AdminApi, openAdminApi } from '../../../../src/targets/keycloak/api/admin-api.ts'
import { configOf } from '../../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { newRealm, type RealmOptions, type TestRealm } from '../../../support/keycloak/realm.ts'
import type { KeycloakAddress } from '../../../support/keycloak/server.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'

const missing = await whyNoKeycloak()
const { signal } = new AbortController()

const CLIENTS = z.tuple([z.looseObject({ id: z.string() })])

const changeClient = async ({ admin }: TestRealm, changes: object): Promise<void> => {
  const [client] = await admin.get('clients?clientId=syn2op', CLIENTS)
  await admin.put(`clients/${client.id}`, { ...client, ...changes })
}

/** The next second and later ones are those whose tokens are taken. */
const revokeTokens = async ({ admin }: TestRealm): Promise<void> => {
  const notBefore = Math.floor(Date.now() / 1000) + 1
  await admin.put('', { notBefore })
  await sleep(notBefore * 1000 + 100 - Date.now())
}

const count = (api: AdminApi): Promise<unknown> =>
  api.send({ method: 'GET', path: 'users/count', signal }).then(({ body }) => body)

const errorOf = async (promise: Promise<unknown>): Promise<Syn2opError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof Syn2opError) return error
  throw new Error('It did not fail as it should', { cause: error })
}

describe.skipIf(missing !== undefined)(
  `the Admin API of Keycloak${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let server: KeycloakAddress
    /** One for all, and each leaves it as good as it was: to make a realm takes seconds. */
    let realm: TestRealm
    /** Its client may view users, and loses even that. */
    let lesser: TestRealm
    const opened: (() => Promise<void>)[] = []

    beforeAll(async () => {
      server = await sharedKeycloak()
      realm = await realmWith()
      lesser = await realmWith({ roles: ['view-users'] })
    })
    afterAll(async () => {
      for (const close of opened.toReversed()) await close()
    })

    const realmWith = async (options: RealmOptions = {}): Promise<TestRealm> => {
      const made = await newRealm(server, options)
      opened.push(made.remove)
      return made
    }
    const open = (...given: Parameters<typeof configOf>): AdminApi => {
      const api = openAdminApi(configOf(...given))
      opened.push(api.close)
      return api
    }

    it('is asked for much longer than a token lasts, by several at once, without a refusal', async () => {
      // One of a second would be over before a slow machine has looked at it, twice in a row perhaps.
      await changeClient(realm, { attributes: { 'access.token.lifespan': '3' } })
      const api = open(realm)
      const until = Date.now() + 7000
      await Promise.all(
        [1, 2, 3].map(async () => {
          for (let asked = 0; asked < 6 || Date.now() < until; asked++) {
            expect(await count(api)).toBe(0)
            await sleep(20)
          }
        }),
      )
      await changeClient(realm, { attributes: { 'access.token.lifespan': '60' } })
    })

    it('goes on with a new token where the one at hand was revoked', async () => {
      const api = open(realm)
      await count(api)
      await revokeTokens(realm)

      expect(await count(api)).toBe(0)
    })

    it('ends with what to look at where the secret was rotated meanwhile, and never shows it', async () => {
      const api = open(realm)
      await count(api)
      await changeClient(realm, { secret: 'another' })
      await revokeTokens(realm)
      const error = await errorOf(count(api))
      await changeClient(realm, { secret: realm.client.secret })

      expect(error).toMatchObject({ code: 'target.not-allowed', exitCode: 4 })
      expect(error.message).toContain('unauthorized_client')
      expect(error.next.join(' ')).toContain('client.secret')
      expect(JSON.stringify(error)).not.toContain(realm.client.secret)
    })

    it('says that a new token was refused as well, where all tokens are', async () => {
      const api = open(realm)
      await count(api)
      await realm.admin.put('', { notBefore: Math.floor(Date.now() / 1000) + 3600 })
      const error = await errorOf(count(api))
      await realm.admin.put('', { notBefore: 0 })

      expect(error).toMatchObject({ code: 'target.not-allowed' })
      expect(error.message).toContain('refuses the token')
    })

    it('names the role that a client lacks, by a line that gives it', async () => {
      const api = open(lesser)
      expect(await count(api)).toBe(0)
      const error = await errorOf(
        api.send({ method: 'POST', path: 'partialImport', body: { ifResourceExists: 'FAIL', users: [] }, signal }),
      )

      expect(error).toMatchObject({ code: 'target.not-allowed', exitCode: 4 })
      expect(error.message).toContain('import users')
      expect(error.next.at(-1)).toBe(
        `kcadm.sh add-roles -r ${lesser.name} --uusername service-account-syn2op --cclientid realm-management --rolename manage-realm`,
      )
      expect(isUnclear(error)).toBe(false)
    })

    it.each([
      ['enabled', 'is enabled'],
      ['serviceAccountsEnabled', 'Service account roles'],
    ])('says what to turn on for a client that is not %s', async (setting, remedy) => {
      await changeClient(lesser, { [setting]: false })
      const error = await errorOf(count(open(lesser)))
      await changeClient(lesser, { [setting]: true })

      expect(error.code).toBe('target.not-allowed')
      expect(error.next.join(' ')).toContain(remedy)
    })

    it('says that a realm is not there, be it that of the people or that of the client', async () => {
      const elsewhere = { ...realm.client, realm: 'no such realm' }

      expect(await errorOf(count(open(realm, { client: elsewhere })))).toMatchObject({
        code: 'config.invalid',
        message: `Keycloak at ${realm.url} has no realm no such realm`,
      })
      expect(await errorOf(count(open(realm, { realm: 'nobody/else?#%' })))).toMatchObject({
        code: 'config.invalid',
        message: `Keycloak at ${realm.url} has no realm nobody/else?#%`,
      })
    })

    it('takes back an aborted request at once, and works on', async () => {
      const api = open(realm)
      await count(api)
      const stop = new AbortController()
      const asked = api.send({ method: 'GET', path: 'users', signal: stop.signal })
      const stopped = new Error('stopped by a person')
      stop.abort(stopped)

      await expect(asked).rejects.toBe(stopped)
      await expect(api.send({ method: 'GET', path: 'users', signal: stop.signal })).rejects.toBe(stopped)
      expect(await count(api)).toBe(0)
    })

    it('tells what Keycloak offers, beside the realm', async () => {
      const api = open(realm)
      const { status, body } = await api.send({ method: 'GET', path: '//admin/serverinfo', signal })

      expect(status).toBe(200)
      expect(body).toHaveProperty('providers')
      expect(api.waited()).toBeGreaterThan(0)
    })

    it('takes a body of nine million bytes, and says of a longer one that it is refused, not that it is unclear', async () => {
      const api = open(realm)
      const userOf = (username: string, bytes: number): object => ({
        ifResourceExists: 'FAIL',
        users: [{ username, attributes: { filling: ['x'.repeat(bytes)] } }],
      })
      const send = (body: object): ReturnType<AdminApi['send']> =>
        api.send({ method: 'POST', path: 'partialImport', body, signal })

      expect(await send(userOf('long', 9_000_000))).toMatchObject({ status: 200 })
      expect(await send(userOf('longer', 10_600_000))).toMatchObject({ status: 413 })
      expect(await send(userOf('longest', 40_000_000))).toMatchObject({ status: 413 })
      expect(await count(api)).toBe(1)
    })
  },
)
