import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import type { Outcome } from '../../../../../src/targets/changes.ts'
import { asUnclear } from '../../../../../src/targets/http/unclear.ts'
import type { AdminAnswer, AdminApi, AdminRequest } from '../../../../../src/targets/keycloak/api/admin-api.ts'
import type { UserImport } from '../../../../../src/targets/keycloak/api/user.ts'
import { applyChanges } from '../../../../../src/targets/keycloak/apply/apply-changes.ts'
import { planBatch } from '../../../../../src/targets/keycloak/plan/plan-batch.ts'
import { anna, RULES } from '../accounts/people.ts'
import { realmOver } from './fake-realm.ts'

const SERVER_NAME = 'example.org'

interface FakeAdmin extends AdminApi {
  readonly users: ReadonlyMap<string, UserImport>
  /** Asked before a request is carried out; what it throws is how the request ends. */
  before: (request: AdminRequest) => void
}

/** Answers as Keycloak does to imports and changes of users who have no links. */
const fakeAdmin = (): FakeAdmin => {
  const users = new Map<string, UserImport>()
  const done: AdminAnswer = { status: 204, body: undefined }
  const answer = ({ method, path, query, body }: AdminRequest): AdminAnswer => {
    const [, id = '', part] = path.split('/')
    if (path === 'users/count') return { status: 200, body: users.size }
    if (path === 'users') {
      const ids = String(query?.['search'] ?? '').replace('id:', '')
      return { status: 200, body: ids.split(' ').flatMap((one) => users.get(one) ?? []) }
    }
    if (path === 'partialImport') {
      const { users: given } = body as { readonly users: readonly UserImport[] }
      for (const user of given) users.set(user.id, user)
      return { status: 200, body: { added: given.length } }
    }
    const user = users.get(id)
    if (user === undefined) return { status: 404, body: { error: 'User not found' } }
    const { email: _, ...others } = user
    if (method === 'PUT') users.set(id, { ...others, ...(body as Partial<UserImport>) })
    if (method !== 'GET') return done
    return { status: 200, body: part === 'credentials' ? [] : { ...user, federatedIdentities: [] } }
  }
  const api: FakeAdmin = {
    users,
    before: () => {},
    realm: RULES.realm,
    waited: () => 0,
    close: async () => {},
    async send(request) {
      await Promise.resolve()
      api.before(request)
      return answer(request)
    },
  }
  return api
}

const person = (name: string, email?: string): Account => {
  const { passwordHash: _, primaryEmail: __, ...bare } = anna({ mxid: `@${name}:${SERVER_NAME}`, localpart: name })
  return {
    ...bare,
    identities: [],
    threepids: email === undefined ? [] : [{ medium: 'email', address: email, addedAt: 1 }],
    ...(email === undefined ? {} : { primaryEmail: email }),
  }
}

const run = async (api: AdminApi, accounts: readonly Account[], stop = new AbortController()) => {
  const realm = realmOver(api, [])
  const decisions = accounts.map(({ mxid }) => ({ mxid, decision: 'migrate' }) as const)
  const batch = { ordinal: 0, accounts: decisions, read: async () => accounts }
  const changes = await planBatch(realm, batch, { signal: stop.signal, depth: 'quick' })
  const identity = { runId: 'run-1', asOf: 0, serverName: SERVER_NAME, mappingSha256: '' }
  return applyChanges(realm, changes, { ...identity, signal: stop.signal })
}

const namesOf = (outcomes: readonly Outcome[], unclear: true | undefined): readonly string[] =>
  outcomes.filter((one) => one.outcome === 'not attempted' && one.unclear === unclear).map(({ mxid }) => mxid)

describe('a batch that is stopped', () => {
  it('tells of whom nobody knows whether they were written, and of whom nothing was begun', async () => {
    const api = fakeAdmin()
    const stop = new AbortController()
    const accounts = Array.from({ length: 300 }, (_, index) => person(`person${index}`))
    const cutOff: string[] = []
    api.before = ({ path, body }) => {
      if (path !== 'partialImport' || stop.signal.aborted) return
      const { users } = body as { readonly users: readonly UserImport[] }
      cutOff.push(...users.map(({ username }) => `@${username}:${SERVER_NAME}`))
      stop.abort()
      throw asUnclear(new Syn2opError('server.unreachable', 'the answer was lost'))
    }
    const outcomes = await run(api, accounts, stop)
    expect(namesOf(outcomes, true).toSorted()).toEqual(cutOff.toSorted())
    const untouched = namesOf(outcomes, undefined)
    expect(untouched.length).toBeGreaterThan(0)
    const there = new Set([...api.users.values()].map(({ username }) => `@${username}:${SERVER_NAME}`))
    expect(untouched.filter((mxid) => there.has(mxid) || cutOff.includes(mxid))).toEqual([])
    expect(
      outcomes
        .filter(({ outcome }) => outcome === 'created')
        .map(({ mxid }) => mxid)
        .toSorted(),
    ).toEqual([...there].toSorted())
  })

  it('counts nobody as untouched whose address was given up for another already', async () => {
    const api = fakeAdmin()
    await run(api, [person('ann', 'one@x.org'), person('bob', 'two@x.org')])
    const stop = new AbortController()
    api.before = ({ method }) => {
      if (method === 'PUT') stop.abort()
    }
    const outcomes = await run(api, [person('ann', 'two@x.org'), person('bob', 'one@x.org')], stop)
    const without = [...api.users.values()].filter(({ email }) => email === undefined)
    expect(without.length).toBeGreaterThan(0)
    const named = without.map(({ username }) => `@${username}:${SERVER_NAME}`)
    expect(namesOf(outcomes, true).toSorted()).toEqual(named.toSorted())
    expect(namesOf(outcomes, undefined).filter((mxid) => named.includes(mxid))).toEqual([])
  })

  it('has written nothing of whom Keycloak has refused, though their turn to be looked at anew never came', async () => {
    const api = fakeAdmin()
    const stop = new AbortController()
    api.before = ({ path }) => {
      if (path === 'partialImport') throw new Clash()
    }
    const send = api.send.bind(api)
    const clashing: AdminApi = {
      ...api,
      send: (request) =>
        send(request).catch((error: unknown) => {
          if (!(error instanceof Clash)) throw error
          stop.abort()
          return { status: 409, body: { errorMessage: 'User with user name ann already exists.' } }
        }),
    }
    const outcomes = await run(clashing, [person('ann')], stop)
    expect(outcomes).toEqual([{ mxid: '@ann:example.org', outcome: 'not attempted', rows: [] }])
  })
})

class Clash extends Error {}
