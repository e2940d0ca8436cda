import { z } from 'zod'
import type { Account } from '../../../../../src/accounts/account.ts'
import type { AccountChange, Outcome } from '../../../../../src/targets/changes.ts'
import type { AdminAnswer, AdminApi, AdminRequest } from '../../../../../src/targets/keycloak/api/admin-api.ts'
import type { UserImport } from '../../../../../src/targets/keycloak/api/user.ts'
import { applyChanges } from '../../../../../src/targets/keycloak/apply/apply-changes.ts'
import { keepCensus } from '../../../../../src/targets/keycloak/plan/census.ts'
import { knownNames } from '../../../../../src/targets/keycloak/plan/known-names.ts'
import { planBatch } from '../../../../../src/targets/keycloak/plan/plan-batch.ts'
import type { KeycloakRealm } from '../../../../../src/targets/keycloak/realm.ts'
import { keepRunNames } from '../../../../../src/targets/slow-road/run-names.ts'
import { keepUnreported } from '../../../../../src/targets/slow-road/unreported.ts'
import { anna, RULES } from '../accounts/people.ts'

const LINK = z.object({ identityProvider: z.string(), userId: z.string(), userName: z.string() })
const USER = z.looseObject({
  id: z.string(),
  username: z.string(),
  email: z.string().optional(),
  attributes: z.record(z.string(), z.array(z.string())).default({}),
  federatedIdentities: z.array(LINK).default([]),
  credentials: z.array(z.looseObject({})).default([]),
})
const IMPORT = z.object({ users: z.array(USER) })

type FakeUser = z.infer<typeof USER>

/** Answers in the place of the realm, or throws; undefined: the realm does. */
export type OnTheWay = (request: AdminRequest) => AdminAnswer | undefined | Promise<AdminAnswer | undefined>

/** A realm in memory, as far as writing and finding users goes. Like Keycloak it takes the same link for two users. */
export interface FakeRealm {
  readonly users: Map<string, FakeUser>
  /** What was asked that was not simply reading users by their ids, one line each. */
  readonly asked: string[]
  onTheWay: OnTheWay
  /** Awaited once a request is done, before its answer arrives. */
  onTheWayBack: (request: AdminRequest) => Promise<void>
  stranger(username: string, has: { readonly email?: string; readonly google?: string }): void
  /** Who has which address and which link to google, by username. */
  people(): Readonly<Record<string, { readonly email?: string; readonly google?: string }>>
  /** A target of its own, as each run opens it. */
  open(): OpenRealm
}

export interface OpenRealm {
  /** One batch of a run, as a run plans and applies it. By username. */
  batch(runId: string, accounts: readonly Account[], more?: MoreOfBatch): Promise<Told>
  /** What would be done, looked at in all detail. */
  plan(accounts: readonly Account[]): Promise<readonly AccountChange[]>
  /** One batch, and once more whoever was not attempted. */
  run(runId: string, accounts: readonly Account[], gone?: readonly string[]): Promise<Told>
}

interface MoreOfBatch {
  /** Matrix ids. */
  readonly gone?: readonly string[]
  readonly last?: true
}

export type Told = Readonly<Record<string, Outcome>>

const google = (userId: string): z.infer<typeof LINK> => ({ identityProvider: 'google', userId, userName: userId })
const ok = (body: unknown): AdminAnswer => ({ status: 200, body })
const DONE: AdminAnswer = { status: 204, body: undefined }
const NOBODY: AdminAnswer = { status: 404, body: { error: 'User not found' } }
const clash = (errorMessage: string): AdminAnswer => ({ status: 409, body: { errorMessage } })

/** An account of the source. */
export const account = (
  localpart: string,
  {
    email,
    google: subject,
    password,
  }: { readonly email?: string; readonly google?: string; readonly password?: string } = {},
): Account => {
  const { primaryEmail: _, passwordHash: __, attributes: ___, ...rest } = anna()
  return {
    ...rest,
    mxid: `@${localpart}:example.org`,
    localpart,
    ...(email === undefined ? {} : { primaryEmail: email }),
    ...(password === undefined ? {} : { passwordHash: password }),
    threepids: email === undefined ? [] : [{ medium: 'email', address: email, addedAt: 1 }],
    identities: subject === undefined ? [] : [{ authProvider: 'oidc-google', providerId: 'google', subject }],
  }
}

export const fakeRealm = (): FakeRealm => {
  const users = new Map<string, FakeUser>()
  const all = (): readonly FakeUser[] => [...users.values()]
  const asked: string[] = []
  const hasGoogle = (user: FakeUser, subject?: unknown): boolean =>
    user.federatedIdentities.some(({ userId }) => subject === undefined || userId === subject)

  const list = (query: NonNullable<AdminRequest['query']>): readonly FakeUser[] => {
    if (query['search'] !== undefined) {
      const ids = String(query['search']).slice('id:'.length).split(' ')
      return ids.flatMap((id) => users.get(id) ?? [])
    }
    const { email, username, idpUserId } = query
    if (email !== undefined) return all().filter((user) => user.email === email)
    if (username !== undefined) return all().filter((user) => user.username === username)
    return all().filter((user) => hasGoogle(user, idpUserId))
  }

  const told = (credential: FakeUser['credentials'][number], n: number): FakeUser['credentials'][number] => {
    const { secretData: _, ...rest } = credential
    return { ...rest, id: `credential ${n}` }
  }

  const importAll = (made: readonly FakeUser[]): AdminAnswer => {
    const isTaken = made.some((user) =>
      all().some(({ id, username, email }) => {
        const isSameEmail = email !== undefined && email === user.email
        return id === user.id || username === user.username || isSameEmail
      }),
    )
    if (isTaken) return clash('somebody is there')
    for (const user of made) users.set(user.id, { ...user, credentials: user.credentials.map(told) })
    return ok({ added: made.length, overwritten: 0, skipped: 0, results: [] })
  }

  const put = (user: FakeUser, body: unknown): AdminAnswer => {
    const next = USER.parse(body)
    if (next.email !== undefined && all().some(({ id, email }) => id !== user.id && email === next.email)) {
      return clash('User exists with same email')
    }
    const { federatedIdentities, credentials } = user
    const server = { syn2op_server: user.attributes['syn2op_server'] ?? [] }
    users.set(user.id, { ...next, federatedIdentities, credentials, attributes: { ...next.attributes, ...server } })
    return DONE
  }

  const ofUser = ({ method, path, body }: AdminRequest): AdminAnswer => {
    const [, id = '', part, alias] = path.split('/')
    const user = users.get(id)
    if (user === undefined) return NOBODY
    if (method === 'GET' && part === 'credentials') return ok(user.credentials)
    if (part === 'role-mappings') return ok({ realmMappings: ROLES.map((name) => ({ name })) })
    if (part === 'groups') return ok(RULES.groups.map((groupPath) => ({ path: groupPath })))
    if (part === 'sessions' || part === 'consents') return ok([])
    if (method === 'GET') return ok(user)
    if (method === 'PUT') return put(user, body)
    if (method === 'POST') {
      user.federatedIdentities.push(LINK.parse(body))
      return DONE
    }
    if (part === 'federated-identity') {
      user.federatedIdentities = user.federatedIdentities.filter(({ identityProvider }) => identityProvider !== alias)
    } else users.delete(id)
    return DONE
  }

  const realm: FakeRealm = {
    users,
    asked,
    onTheWay: () => undefined,
    onTheWayBack: async () => {},
    stranger(username, has) {
      users.set(username, {
        ...USER.parse({ id: username, username }),
        ...(has.email === undefined ? {} : { email: has.email }),
        federatedIdentities: has.google === undefined ? [] : [google(has.google)],
      })
    },
    people: () =>
      Object.fromEntries(
        all().map(({ username, ['email']: address, federatedIdentities: [link] }) => [
          username,
          {
            ...(address === undefined ? {} : { email: address }),
            ...(link === undefined ? {} : { google: link.userId }),
          },
        ]),
      ),
    open: () => openOver(api),
  }
  const api: AdminApi = {
    realm: RULES.realm,
    waited: () => 0,
    close: async () => {},
    async send(request) {
      const answer = (await realm.onTheWay(request)) ?? answerTo(request)
      await realm.onTheWayBack(request)
      return answer
    },
  }
  const answerTo = (request: AdminRequest): AdminAnswer => {
    const { method, path, query = {}, body } = request
    if (query['search'] === undefined) asked.push([method, path, query['idpUserId'] ?? ''].join(' ').trim())
    if (path === 'partialImport') return importAll(IMPORT.parse(body).users)
    if (path === 'users') return ok(list(query).map((user) => ({ ...user, federatedIdentities: undefined })))
    if (path !== 'users/count') return ofUser(request)
    const counted = all().filter(({ attributes }) => query['q'] === undefined || 'syn2op_server' in attributes)
    return ok(counted.filter((user) => query['idpAlias'] === undefined || hasGoogle(user)).length)
  }
  return realm
}

/** A realm of which nothing is known but what its Admin API says. @param aliases of its identity providers */
export const realmOver = (api: AdminApi, aliases: readonly string[]): KeycloakRealm => ({
  config: {
    ...RULES,
    files: [],
    url: 'http://127.0.0.1:1',
    client: { id: 'syn2op', secret: 'made up', realm: RULES.realm },
    providers: [],
  },
  serverName: 'example.org',
  conflicts: { username: 'hold_back', email: 'hold_back', identity: 'hold_back' },
  api,
  about: async () => ({ ...ABOUT }),
  writing: (request) => request(),
  reading: (request) => request(),
  census: keepCensus({ api, serverName: 'example.org', aliases }),
  names: knownNames(api),
  runNames: { quick: keepRunNames(), thorough: keepRunNames() },
  unreported: keepUnreported(),
  statistics: { made: async () => {} },
})

const openOver = (api: AdminApi): OpenRealm => {
  const { signal } = new AbortController()
  const realm = realmOver(api, ['google'])
  const batch: OpenRealm['batch'] = async (runId, accounts, { gone = [], ...last } = {}) => {
    const decided = [
      ...accounts.map(({ mxid }) => ({ mxid, decision: 'migrate' }) as const),
      ...gone.map((mxid) => ({ mxid, decision: 'gone' }) as const),
    ]
    const changes = await planBatch(
      realm,
      { ordinal: 0, accounts: decided, read: async () => accounts },
      { signal, depth: 'quick', ...last },
    )
    const identity = { runId, asOf: 1_000_000, serverName: 'example.org', mappingSha256: '' }
    const outcomes = await applyChanges(realm, changes, { ...identity, signal })
    return Object.fromEntries(outcomes.map((one) => [one.mxid.slice(1, one.mxid.indexOf(':')), one]))
  }
  return {
    batch,
    async plan(accounts) {
      const decided = accounts.map(({ mxid }) => ({ mxid, decision: 'migrate' }) as const)
      const batchOfAll = { ordinal: 0, accounts: decided, read: async () => accounts }
      return (await planBatch(realm, batchOfAll, { signal, depth: 'thorough' })).accounts
    },
    async run(runId, accounts, gone = []) {
      const told = await batch(runId, accounts, { gone })
      const late = accounts.filter(({ localpart }) => told[localpart]?.outcome === 'not attempted')
      return late.length === 0 ? told : { ...told, ...(await batch(runId, late, { last: true })) }
    },
  }
}

const ABOUT = { id: 'people', defaultRole: 'default-roles', defaultGroups: [] }
const ROLES = [ABOUT.defaultRole, ...RULES.roles]

/** How everybody ended, by username. */
export const kinds = (told: Told): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(told).map(([name, { outcome }]) => [name, outcome]))

/** The users of a request that makes users. */
export const imported = ({ path, body }: AdminRequest): readonly Pick<UserImport, 'id' | 'username'>[] =>
  path === 'partialImport' ? IMPORT.parse(body).users : []
