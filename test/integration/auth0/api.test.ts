import { describe, expect, it, onTestFinished } from 'vitest'
import { simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import type { StandInOptions } from '../../../src/rehearsal/standins/auth0/server.ts'
import { startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import {
  actionByName,
  bindings,
  createAction,
  deleteAction,
  deployAction,
  replaceBindings,
  updateAction,
} from '../../../src/targets/auth0/api/actions-api.ts'
import {
  connectionByName,
  createConnection,
  deleteConnection,
  enableClients,
  enabledClients,
  replaceOptions,
} from '../../../src/targets/auth0/api/connections-api.ts'
import { exportedUsers } from '../../../src/targets/auth0/api/export-file.ts'
import { linkIdentity, unlinkIdentity } from '../../../src/targets/auth0/api/identities-api.ts'
import {
  hasEnded,
  type Job,
  jobById,
  jobErrors,
  startExport,
  submitImport,
} from '../../../src/targets/auth0/api/jobs-api.ts'
import { type ManagementApi, openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import {
  createScimConfiguration,
  createScimToken,
  createScimUser,
  deleteScimConfiguration,
  deleteScimToken,
  deleteScimUser,
  scimConfiguration,
  scimUserOf,
} from '../../../src/targets/auth0/api/scim-api.ts'
import type { PresentUser } from '../../../src/targets/auth0/api/user.ts'
import { createUser, deleteUser, patchUser, userById, usersByEmail } from '../../../src/targets/auth0/api/users-api.ts'
import type { Auth0Config } from '../../../src/targets/auth0/config/auth0-config.ts'
import { isUnclear } from '../../../src/targets/http/unclear.ts'

const { signal } = new AbortController()

const open = async (options: StandInOptions = {}, share = 1) => {
  const clock = simulatedClock()
  const standIn = await startStandIn({ clock, ...options })
  const config: Auth0Config = {
    files: [],
    url: standIn.url,
    client: { id: standIn.client.id, secret: standIn.client.secret },
    connection: standIn.connection.name,
    plan: options.plan ?? 'enterprise',
    passwords: 'carry',
    pepper: 'withhold',
    usernames: { unfit: 'escape' },
    email: { without: 'allow' },
    providers: [],
    rate: { share },
  }
  const api = openManagementApi(config, { clock })
  onTestFinished(async () => {
    await api.close()
    await standIn.close()
  })
  return { api, clock, standIn, connection: standIn.connection }
}

const isWrite = (method: string, path: string): boolean => method !== 'GET' && path.startsWith('/api/')

const ANN = { connection: 'people', email: 'ann@example.org', username: 'ann', password: 'Correct-horse-9' } as const

const fileOf = (rows: readonly unknown[]): Buffer => Buffer.from(JSON.stringify(rows))

const ended = async (api: ManagementApi, id: string): Promise<Job> => {
  for (;;) {
    const job = await jobById(api, id, signal)
    if (job === undefined) throw new Error('It is gone')
    if (hasEnded(job)) return job
    await api.clock.sleep(1000, signal)
  }
}

const imported = async (api: ManagementApi, connectionId: string, rows: readonly unknown[]): Promise<Job> => {
  const answer = await submitImport(api, { connectionId, externalId: 'test', file: fileOf(rows) }, signal)
  if (answer.kind !== 'accepted') throw new Error(answer.kind)
  return ended(api, answer.job.id)
}

const made = <Made>(answer: { readonly kind: string; readonly made?: Made }): Made => {
  if (answer.made === undefined) throw new Error(JSON.stringify(answer))
  return answer.made
}

describe('users of a tenant', () => {
  it('are made, read, changed and deleted, by their id and by their address', async () => {
    const { api } = await open()

    const { id } = made(
      await createUser(api, { ...ANN, app_metadata: { syn2op: { mxid: '@ann:example.org' } } }, signal),
    )
    expect(await createUser(api, ANN, signal)).toMatchObject({ kind: 'clash', status: 409 })
    expect(await patchUser(api, id, { blocked: true, app_metadata: { matrix: { n: 1 } } }, signal)).toEqual({
      kind: 'done',
    })
    const [found] = await usersByEmail(api, ANN.email, signal)
    expect(found).toEqual(await userById(api, id, signal))
    expect(found).toMatchObject({
      id,
      username: 'ann',
      blocked: true,
      appMetadata: { syn2op: { mxid: '@ann:example.org' }, matrix: { n: 1 } },
      identities: [{ connection: 'people', provider: 'auth0' }],
      loginsCount: 0,
    })

    expect(await deleteUser(api, id, signal)).toEqual({ kind: 'done' })
    expect(await deleteUser(api, id, signal)).toEqual({ kind: 'done' })
    expect(await userById(api, id, signal)).toBeUndefined()
    expect(await patchUser(api, id, { blocked: false }, signal)).toEqual({ kind: 'missing' })
  })

  it('are imported by a job, and those who are refused are told without their hashes', async () => {
    const { api, connection } = await open()
    const hash = '$2b$12$abcdefghijklmnopqrstuuXIhxZ0e8v0WWzvZPBg7n0Y7cbIPzjOm'
    const custom_password_hash = { algorithm: 'bcrypt', hash: { value: hash, encoding: 'utf8' } }
    const rows = [
      { user_id: 'a', email: 'ann@example.org', username: 'ann', custom_password_hash },
      { user_id: 'b', email: 'bea@example.org', username: 'b/a', custom_password_hash },
    ]

    const job = await imported(api, connection.id, rows)
    const errors = await jobErrors(api, job.id, signal)

    expect(job).toMatchObject({ status: 'completed', summary: { inserted: 1 } })
    expect(errors).toMatchObject({ kind: 'rows', rows: [{ userId: 'b', username: 'b/a' }] })
    expect(JSON.stringify(errors)).not.toContain('$2b$')
    expect(await userById(api, 'auth0|a', signal)).toMatchObject({ email: 'ann@example.org' })
  })

  it('wait for a third job as long as two are at work', async () => {
    const { api, connection } = await open()
    const request = {
      connectionId: connection.id,
      externalId: 'test',
      file: fileOf([{ email: 'a@example.org', username: 'a' }]),
    }
    const answers = [
      await submitImport(api, request, signal),
      await submitImport(api, request, signal),
      await submitImport(api, request, signal),
    ]
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'busy'])
  })

  it('are exported into a file, with the marks that are theirs', async () => {
    const { api, connection } = await open()
    for (const name of ['ann', 'bea', 'cy']) {
      const user = { ...ANN, username: name, email: `${name}@example.org`, app_metadata: { name } }
      made(await createUser(api, user, signal))
    }

    const fields = ['user_id', 'email', 'username', 'app_metadata', 'identities', 'logins_count', 'created_at']
    const answer = await startExport(api, { connectionId: connection.id, fields }, signal)
    if (answer.kind !== 'accepted') throw new Error(answer.words)
    await ended(api, answer.job.id)
    // The address of a minute ago is good no more.
    await api.clock.sleep(120_000, signal)
    const users: PresentUser[] = []
    for await (const user of exportedUsers(api, answer.job.id, signal)) users.push(user)

    expect(users.map(({ username, appMetadata }) => [username, appMetadata['name']])).toEqual([
      ['ann', 'ann'],
      ['bea', 'bea'],
      ['cy', 'cy'],
    ])
    expect(users[0]?.createdAt).toBe((await usersByEmail(api, 'ann@example.org', signal))[0]?.createdAt)
  })
})

describe('the limits of a tenant', () => {
  it.each(['free', 'essentials', 'enterprise-nonproduction'] as const)(
    'of %s are kept to without a single refusal, with a fifth of it left to others',
    async (plan) => {
      const { api, standIn, clock } = await open({ plan }, 0.8)
      const start = clock.now()

      await Promise.all(Array.from({ length: 60 }, () => userById(api, 'auth0|nobody', signal)))

      expect(standIn.requests.filter(({ status }) => status === 429)).toEqual([])
      expect(clock.now() - start).toBeGreaterThan(1000)
      expect(api.waited().quota).toBeGreaterThan(0)
    },
  )

  it('that others use up make us wait, and nothing is lost by it', async () => {
    const { api, standIn } = await open({
      plan: 'free',
      faults: [{ kind: 'too many requests', on: isWrite, times: 2 }],
    })

    expect(await createUser(api, ANN, signal)).toMatchObject({ kind: 'made' })
    expect(standIn.requests.filter(({ status }) => status === 429)).toHaveLength(2)
  })
})

describe('a tenant that goes wrong', () => {
  it.each(['answer lost', 'error after', 'reset before', 'error before'] as const)(
    'with %s may have done a write, which is not sent twice',
    async (kind) => {
      const { api, standIn } = await open({ faults: [{ kind, on: isWrite, times: 1 }] })

      const error: unknown = await createUser(api, ANN, signal).catch((thrown: unknown) => thrown)

      expect(isUnclear(error)).toBe(true)
      expect(standIn.requests.filter(({ path }) => path === '/api/v2/users')).toHaveLength(1)
      const done = kind === 'answer lost' || kind === 'error after'
      expect(await usersByEmail(api, ANN.email, signal)).toHaveLength(done ? 1 : 0)
    },
  )

  it.each(['answer lost', 'error after', 'reset before', 'token expires'] as const)(
    'with %s at a read is asked once more',
    async (kind) => {
      const { api } = await open({ faults: [{ kind, on: (method) => method === 'GET', times: 1 }] })
      expect(await usersByEmail(api, ANN.email, signal)).toEqual([])
    },
  )
})

describe('connections of a tenant', () => {
  it('are found by name, changed as a whole, and used by those who may', async () => {
    const { api, connection, standIn } = await open()
    const found = await connectionByName(api, 'people', signal)
    expect(found).toMatchObject({ id: connection.id, strategy: 'auth0', options: connection.options })
    expect(await connectionByName(api, 'nobodys', signal)).toBeUndefined()

    const options = { ...found?.options, validation: { username: { min: 1, max: 20 } } }
    expect(await replaceOptions(api, connection.id, options, signal)).toEqual({ kind: 'done' })
    expect((await connectionByName(api, 'people', signal))?.options).toEqual(options)

    const client = standIn.client.id
    expect(await enabledClients(api, connection.id, signal)).toEqual([client])
    await enableClients(api, connection.id, [{ id: client, enabled: false }], signal)
    expect(await enabledClients(api, connection.id, signal)).toEqual([])
    expect(await enabledClients(api, 'con_0000000000000000', signal)).toBeUndefined()
  })

  it('may be made and go again, with a name that nobody else has', async () => {
    const { api } = await open()
    const corporate = { name: 'corporate', strategy: 'auth0', options: {} }
    const { id } = made(await createConnection(api, corporate, signal))
    expect(await createConnection(api, corporate, signal)).toMatchObject({ kind: 'clash' })
    expect(await deleteConnection(api, id, signal)).toEqual({ kind: 'done' })
    expect(await connectionByName(api, 'corporate', signal)).toBeUndefined()
  })
})

describe('identities', () => {
  it('are made by SCIM, take a database user as their own, and give them back', async () => {
    const { api } = await open()
    const { id: connectionId } = made(
      await createConnection(api, { name: 'corporate', strategy: 'oidc', options: {} }, signal),
    )
    expect(await scimConfiguration(api, connectionId, signal)).toBeUndefined()
    made(await createScimConfiguration(api, connectionId, signal))
    expect(await scimConfiguration(api, connectionId, signal)).toMatchObject({
      userIdAttribute: expect.any(String),
    })
    const { id: tokenId, token } = made(await createScimToken(api, connectionId, 3_600_000, signal))
    const end = { connectionId, token }

    const user = { userName: 'ann', externalId: '4711 ö&=', active: true, email: 'ann@example.org' }
    const { id } = made(await createScimUser(api, end, user, signal))
    expect(await createScimUser(api, end, user, signal)).toMatchObject({ kind: 'clash' })
    expect(await scimUserOf(api, end, user.externalId, signal)).toBe(id)
    expect(await scimUserOf(api, end, 'nobody', signal)).toBeUndefined()

    const database = made(await createUser(api, ANN, signal))
    const secondary = { provider: 'auth0', userId: database.id.slice('auth0|'.length) }
    expect(await linkIdentity(api, id, secondary, signal)).toEqual({ kind: 'done' })
    expect((await userById(api, id, signal))?.identities.map(({ provider }) => provider)).toEqual(['oidc', 'auth0'])
    expect(await userById(api, database.id, signal)).toBeUndefined()
    expect(await unlinkIdentity(api, id, secondary, signal)).toEqual({ kind: 'done' })
    expect(await userById(api, database.id, signal)).toMatchObject({ id: database.id })

    expect(await deleteScimUser(api, end, id, signal)).toEqual({ kind: 'done' })
    expect(await deleteScimToken(api, connectionId, tokenId, signal)).toEqual({ kind: 'done' })
    await expect(scimUserOf(api, end, 'nobody', signal)).rejects.toMatchObject({ code: 'target.not-allowed' })
    expect(await deleteScimConfiguration(api, connectionId, signal)).toEqual({ kind: 'done' })
  })
})

describe('an Action', () => {
  it('is made, deployed, bound beside others, and taken away again', async () => {
    const { api } = await open()
    const action = {
      name: 'link people of Matrix',
      code: 'exports.onExecutePostLogin = async () => {}',
      runtime: 'node22',
      dependencies: [{ name: 'auth0', version: '4.0.0' }],
      secrets: [{ name: 'SECRET', value: 'hush' }],
    }

    const { id } = made(await createAction(api, action, signal))
    expect(await actionByName(api, 'another', signal)).toBeUndefined()
    await updateAction(api, id, { code: `${action.code}\n` }, signal)
    expect(await deployAction(api, id, signal)).toEqual({ kind: 'done' })
    expect(await actionByName(api, action.name, signal)).toEqual({
      id,
      name: action.name,
      code: `${action.code}\n`,
      runtime: 'node22',
      deployed: true,
    })

    const before = await bindings(api, signal)
    expect(await replaceBindings(api, [...before, { actionId: id, displayName: action.name }], signal)).toEqual({
      kind: 'done',
    })
    const own = { id: expect.any(String), actionId: id, displayName: action.name }
    expect(await bindings(api, signal)).toEqual([...before, own])
    // One that is there is kept as it is.
    expect(await replaceBindings(api, await bindings(api, signal), signal)).toEqual({ kind: 'done' })
    expect(await bindings(api, signal)).toEqual([...before, own])
    expect(await deleteAction(api, id, signal)).toEqual({ kind: 'done' })
    expect(await actionByName(api, action.name, signal)).toBeUndefined()
  })
})
