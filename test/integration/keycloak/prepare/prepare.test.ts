import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { applyPrepare, showPrepare } from '../../../../src/targets/keycloak/prepare/prepare.ts'
import { applyUndo, showEventsRestore, showUndo } from '../../../../src/targets/keycloak/prepare/undo-prepare.ts'
import { readRecord } from '../../../../src/targets/keycloak/prepare/undo-record.ts'
import { admin } from '../../../support/keycloak/admin.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { directGrant, newRealm, type RealmOptions, type TestRealm } from '../../../support/keycloak/realm.ts'
import type { KeycloakAddress } from '../../../support/keycloak/server.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'
import {
  ALL_ROLES,
  asClient,
  configOf,
  everything,
  importByName,
  leftToDo,
  masterClient,
  newRuns,
  OTHER_SERVER,
  outcomesOf,
  prepare,
  requestOf,
  takeBack,
} from './preparation.ts'

const missing = await whyNoKeycloak()

const PROFILE = z.looseObject({ attributes: z.array(z.looseObject({ name: z.string() })) })

const IDENTITY_PROVIDER = z.object({ config: z.record(z.string(), z.string()) })

describe.skipIf(missing !== undefined)(`syn2op keycloak prepare${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: KeycloakAddress
  const realms: TestRealm[] = []
  const aRealm = async (options: RealmOptions = {}): Promise<TestRealm> => {
    const realm = await newRealm(server, { roles: ALL_ROLES, ...options })
    realms.push(realm)
    return realm
  }

  beforeAll(async () => {
    server = await sharedKeycloak()
  })
  afterEach(async () => {
    await Promise.all(realms.splice(0).map((realm) => realm.remove()))
  })

  it('writes nothing until it is asked to, finds nothing to do a second time, and takes everything back', async () => {
    const realm = await aRealm()
    const before = await everything(realm)
    const config = configOf(realm, { providers: [{ id: 'corporate', authProvider: 'oidc-corporate' }] })
    const request = requestOf(config, { applications: 'synapse', synapse: SYNAPSE })
    const runs = await newRuns()

    const shown = await showPrepare(request)
    expect(await everything(realm)).toEqual(before)

    const applied = await applyPrepare(shown, { ...request, runs, note: () => {} })
    expect(applied.error).toBeUndefined()
    expect(outcomesOf(applied)).toEqual({
      'user-profile': 'done',
      'identity-provider corporate': 'done',
      'client synapse': 'done',
    })
    expect(await everything(realm)).not.toEqual(before)
    expect(await leftToDo(request)).toEqual([])

    // The secret has arrived, and is in nothing that is shown or kept.
    const provider = await realm.admin.get('identity-provider/instances/corporate', IDENTITY_PROVIDER)
    expect(provider.config['clientSecret']).toBe('**********')
    const file = applied.document.undoFile ?? ''
    const told = [JSON.stringify(shown.document), JSON.stringify(shown.realm), JSON.stringify(applied.document)]
    expect([...told, await readFile(file, 'utf8')].join('\n')).not.toContain(SECRET)
    expect((await stat(file)).mode & 0o777).toBe(0o600)

    const undone = await takeBack(config, file, runs)
    expect(undone.error).toBeUndefined()
    expect(await everything(realm)).toEqual(before)

    const other = { ...config, realm: 'another' }
    await expect(asClient(other, runs, (undo) => showUndo(file, undo))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(realm.name),
    })
  })

  it('lets in who has nothing but a name, marks them for administrators only, and stays while they need it', async () => {
    const realm = await aRealm()
    const id = await importByName(realm, 'ann', 'correct horse')
    expect(await directGrant(realm, 'ann', 'correct horse')).toMatchObject({
      body: { error_description: 'Account is not fully set up' },
    })
    const config = configOf(realm)
    const runs = await newRuns()

    const applied = await prepare(requestOf(config), runs)

    expect(await directGrant(realm, 'ann', 'correct horse')).toMatchObject({ status: 200 })
    const user = await realm.admin.get(`users/${id}`, z.object({ attributes: z.record(z.string(), z.unknown()) }))
    expect(user.attributes).toEqual({ syn2op_server: [OTHER_SERVER] })
    const profile = await realm.admin.get('users/profile', PROFILE)
    const mark = profile.attributes.find(({ name }) => name === 'syn2op_server')
    expect(mark?.['permissions']).toEqual({ view: ['admin'], edit: ['admin'] })

    const undone = await takeBack(config, applied.document.undoFile, runs)
    expect(outcomesOf(undone)).toEqual({ 'user-profile': 'left' })
    expect(undone.document.steps[0]?.note).toContain('roll them back first')
    expect(await realm.admin.get('users/profile', PROFILE)).toEqual(profile)
  })

  it('leaves what others declare, before it and after, and does not write over what they change meanwhile', async () => {
    const realm = await aRealm()
    const profile = await realm.admin.get('users/profile', PROFILE)
    const own = { name: 'department', permissions: { view: ['admin', 'user'], edit: ['user'] }, multivalued: false }
    const phones = {
      name: 'phones',
      displayName: 'Call me',
      validations: { length: { max: 40 } },
      permissions: { view: ['admin', 'user'], edit: ['admin', 'user'] },
      multivalued: false,
    }
    const theirs = { ...profile, attributes: [...profile.attributes, own, phones] }
    await realm.admin.put('users/profile', theirs)
    const request = requestOf(configOf(realm))
    const runs = await newRuns()
    const shown = await showPrepare(request)
    const relaxed = theirs.attributes.map((one) => (one.name === 'email' ? { ...one, required: undefined } : one))
    await realm.admin.put('users/profile', { ...theirs, attributes: relaxed })

    const refused = await applyPrepare(shown, { ...request, runs, note: () => {} })
    expect(refused.error).toMatchObject({ message: expect.stringContaining('attributes.email.required') })
    expect((await realm.admin.get('users/profile', PROFILE)).attributes).toHaveLength(6)

    const applied = await prepare(request, runs)
    const { attributes } = await realm.admin.get('users/profile', PROFILE)
    expect(attributes).toContainEqual(own)
    // What would have lost all numbers but one is changed, and nothing else of it.
    expect(attributes).toContainEqual({ ...phones, multivalued: true })

    const changed = attributes.map((one) => (one.name === 'emails' ? { ...one, displayName: 'Others' } : one))
    await realm.admin.put('users/profile', {
      ...(await realm.admin.get('users/profile', PROFILE)),
      attributes: changed,
    })
    const undone = await takeBack(request.config, applied.document.undoFile, runs)
    expect(undone.error).toBeUndefined()
    expect(undone.document.steps).toMatchObject([{ note: expect.stringContaining('attributes.emails') }])
    const after = await realm.admin.get('users/profile', PROFILE)
    expect(after.attributes.map(({ name }) => name)).toEqual([
      'username',
      'email',
      'firstName',
      'lastName',
      'department',
      'phones',
      'emails',
    ])
    expect(after.attributes).toContainEqual(phones)
  })

  it('stops at the first step that is refused, says by which line it is allowed, and takes back what was done', async () => {
    const realm = await aRealm({ roles: ['manage-realm', 'manage-users', 'view-clients'] })
    const before = await everything(realm)
    const config = configOf(realm, { providers: [{ id: 'corporate', authProvider: 'oidc-corporate' }] })
    const request = requestOf(config, { applications: 'synapse', synapse: SYNAPSE })
    const runs = await newRuns()

    const { plan } = await showPrepare(request)
    expect(plan.steps.map(({ id }) => id)).toEqual(['user-profile', 'client synapse'])
    const lacking = plan.byHand.filter(({ id }) => id.startsWith('role'))
    expect(lacking.map(({ lines }) => lines)).toEqual([
      [expect.stringMatching(/kcadm\.sh add-roles .*--rolename view-identity-providers/)],
    ])

    const applied = await prepare(request, runs)
    expect(outcomesOf(applied)).toEqual({ 'user-profile': 'done', 'client synapse': 'failed' })
    expect(applied.error).toMatchObject({
      code: 'target.not-allowed',
      next: expect.arrayContaining([expect.stringContaining('--rolename manage-clients')]),
    })
    const record = await readRecord(applied.document.undoFile ?? '')
    expect(record.steps).toMatchObject([
      { id: 'user-profile', state: 'done' },
      { id: 'client synapse', state: 'begun' },
    ])

    const undone = await takeBack(config, applied.document.undoFile, runs)
    expect(undone.error).toBeUndefined()
    expect(await everything(realm)).toEqual(before)
  })

  it('switches events off and on again and touches nothing else, and leaves what people need who came meanwhile', async () => {
    const realm = await aRealm()
    const config = configOf(realm, { providers: [{ id: 'corporate', authProvider: 'oidc-corporate' }] })
    const runs = await newRuns()
    const settings = await realm.admin.get('', z.looseObject({ attributes: z.record(z.string(), z.string()) }))
    await realm.admin.put('', {
      ...settings,
      adminEventsEnabled: true,
      adminEventsDetailsEnabled: true,
      attributes: { ...settings.attributes, cibaExpiresIn: '99', parRequestUriLifespan: '77' },
    })
    const before = await realm.admin.get('', z.unknown())
    const request = requestOf(config, { events: 'off', applications: 'synapse', synapse: SYNAPSE })

    const applied = await prepare(request, runs)
    const events = z.object({ adminEventsEnabled: z.boolean(), eventsEnabled: z.boolean() })
    expect(await realm.admin.get('', events)).toEqual({ adminEventsEnabled: false, eventsEnabled: false })

    await asClient(config, runs, async (undo) => applyUndo(await showEventsRestore(undo), undo))
    expect(await realm.admin.get('', events)).toEqual({ adminEventsEnabled: true, eventsEnabled: false })
    await expect(asClient(config, runs, showEventsRestore)).rejects.toMatchObject({ code: 'usage' })
    expect(await realm.admin.get('', z.unknown())).toEqual(before)

    const file = applied.document.undoFile ?? ''
    const undone = await asClient(config, runs, async (undo) => {
      const shown = await showUndo(file, undo)
      expect(shown.judged.filter(({ verdict }) => verdict.kind === 'delete')).toHaveLength(2)
      // While the administrator thinks about it.
      await realm.admin.post('users', {
        username: 'ann',
        federatedIdentities: [{ identityProvider: 'corporate', userId: '1', userName: 'ann' }],
      })
      return applyUndo(shown, undo)
    })
    expect(outcomesOf(undone)).toEqual({
      'events': 'nothing',
      'client synapse': 'left',
      'identity-provider corporate': 'left',
      'user-profile': 'undone',
    })
  })

  it('makes the realm where it is missing, as the file of the realm makes it too', async () => {
    const client = await masterClient(server)
    const name = `made-${randomBytes(6).toString('hex')}`
    const config = { ...configOf({ name, url: server.url, client }), client: { ...client, realm: 'master' } }
    const request = requestOf(config, { realmMissing: 'create', applications: 'mas' })
    const runs = await newRuns()
    const twin = `${name}-file`
    try {
      expect((await showPrepare(requestOf(config))).plan).toMatchObject({ steps: [], byHand: [{ id: 'realm' }] })
      const shown = await showPrepare(request)

      const applied = await applyPrepare(shown, { ...request, runs, note: () => {} })
      expect(applied.error).toBeUndefined()
      expect(await leftToDo(request)).toEqual([])

      await admin(server).post('realms', { ...shown.realm, realm: twin, clients: [] })
      const profileOf = (realm: string) => admin(server, `realms/${realm}`).get('users/profile', z.unknown())
      expect(await profileOf(twin)).toEqual(await profileOf(name))

      // A client with an account of its own is nobody whom Keycloak counts among the people.
      const made = admin(server, `realms/${name}`)
      const shop = { id: randomUUID(), clientId: 'shop', serviceAccountsEnabled: true }
      await made.post('clients', shop)
      const kept = await takeBack(config, applied.document.undoFile, runs)
      expect(outcomesOf(kept)).toEqual({
        'client matrix-authentication-service': 'undone',
        'realm': 'left',
        'user-profile': 'undone',
      })
      expect(kept.document.steps.find(({ id }) => id === 'realm')?.note).toMatch(/: client shop$/)

      await made.delete(`clients/${shop.id}`)
      await takeBack(config, applied.document.undoFile, runs)
      expect((await admin(server).send('GET', `realms/${name}`)).status).toBe(404)
    } finally {
      for (const realm of [name, twin]) await admin(server).send('DELETE', `realms/${realm}`)
      await client.remove()
    }
  })
})

const SECRET = 'nobody-may-read-this'

const SYNAPSE = {
  providers: [{ authProvider: 'oidc-corporate', kind: 'oidc', path: 'oidc_providers[0]' }],
  clients: [
    {
      path: 'oidc_providers[0]',
      issuer: 'https://corporate.example.org',
      clientId: 'synapse',
      clientSecret: SECRET,
      clientAuthMethod: 'client_secret_basic',
      scopes: ['openid', 'email'],
      discover: false,
      endpoints: {
        authorization: 'https://corporate.example.org/authorize',
        token: 'https://corporate.example.org/token',
        jwks: 'https://corporate.example.org/jwks',
      },
    },
  ],
} as const
