import { setImmediate as nextTurn } from 'node:timers/promises'
import pLimit from 'p-limit'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import { toUserImport } from '../../../../../src/targets/keycloak/accounts/user-import.ts'
import { wantedUser } from '../../../../../src/targets/keycloak/accounts/wanted-user.ts'
import type { AdminAnswer, AdminApi } from '../../../../../src/targets/keycloak/api/admin-api.ts'
import type { UserImport } from '../../../../../src/targets/keycloak/api/user.ts'
import { rollBack } from '../../../../../src/targets/keycloak/rollback/roll-back.ts'
import { anna, RULES, writer } from '../accounts/people.ts'

const MXIDS = Array.from({ length: 200 }, (_, index) => `@person${index}:example.org`)

/** What was sent, one line each: which of a user's parts was read, or that it was deleted. */
interface Recorded {
  readonly sent: string[]
  /** How many were read at once and not deleted yet, at most. */
  readonly exposed: () => number
}

const people = (): ReadonlyMap<string, UserImport> =>
  new Map(
    MXIDS.map((mxid, index) => {
      const account = anna({ mxid, localpart: `person${index}`, threepids: [], identities: [] })
      const defaults = { defaultRole: 'default', defaultGroups: ['/all'] }
      const user = toUserImport(wantedUser(account, RULES), { ...writer('run-1'), ...defaults })
      return [user.id, user]
    }),
  )

/** Answers as Keycloak does about users who are as they were imported. */
const answering = (lostDelete: number, uses: Readonly<Record<string, string>> = {}): AdminApi & Recorded => {
  const users = people()
  const sent: string[] = []
  const open = new Set<string>()
  let most = 0
  let deletes = 0
  const told = (id: string, part: string | undefined): AdminAnswer => {
    const user = users.get(id)
    if (user === undefined) return { status: 404, body: { error: 'User not found' } }
    if (part === 'credentials') {
      return { status: 200, body: (user.credentials ?? []).map((one) => ({ id: 'a password', ...one })) }
    }
    if (part === 'role-mappings')
      return { status: 200, body: { realmMappings: user.realmRoles.map((name) => ({ name })) } }
    if (part === 'sessions' || part === 'consents') return { status: 200, body: uses[id] === part ? [{}] : [] }
    if (part === 'groups') return { status: 200, body: user.groups.map((path) => ({ path })) }
    return { status: 200, body: { ...user, federatedIdentities: [] } }
  }
  return {
    sent,
    exposed: () => most,
    realm: RULES.realm,
    waited: () => 0,
    close: async () => {},
    async send({ method, path, query }) {
      await nextTurn()
      const [, id = '', part] = path.split('/')
      sent.push(`${method} ${path}`)
      if (id === '') {
        const ids = String(query?.['search'] ?? '').replace('id:', '')
        return { status: 200, body: ids.split(' ').flatMap((one) => users.get(one) ?? []) }
      }
      if (method === 'GET') {
        if (part === undefined) open.add(id)
        most = Math.max(most, open.size)
        return told(id, part)
      }
      if (++deletes === lostDelete) throw new Syn2opError('server.unreachable', 'the answer was lost')
      open.delete(id)
      return { status: 204, body: undefined }
    },
  }
}

const back = (api: AdminApi) => {
  const limit = pLimit(3)
  const config = {
    ...RULES,
    files: [],
    url: 'http://127.0.0.1:1',
    client: { id: 'syn2op', secret: 'made up', realm: RULES.realm },
    providers: [],
  }
  const turn = <Result>(request: () => Promise<Result>): Promise<Result> => limit(request)
  const { signal } = new AbortController()
  return rollBack({ api, config, reading: turn, writing: turn }, { runId: 'run-1', accounts: MXIDS }, { signal })
}

describe('a rollback', () => {
  it('deletes everybody soon after they were read: nobody has time to change what goes', async () => {
    const api = answering(0)
    const outcomes = await back(api)
    expect(outcomes).toHaveLength(MXIDS.length)
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['removed']))
    expect(api.exposed()).toBeLessThanOrEqual(6)
  })

  it.each(['sessions', 'consents'])('leaves whoever has %s, and asks nobody for them who stays anyway', async (use) => {
    const [used = '', changed = ''] = [...people().keys()]
    const api = answering(0, { [used]: use })
    const send = api.send.bind(api)
    const outcomes = await back({
      ...api,
      async send(request) {
        const answer = await send(request)
        const isChanged = request.path === `users/${changed}/credentials`
        return isChanged ? { status: 200, body: [{ id: 'one', type: 'otp' }] } : answer
      },
    })
    const stay = outcomes.filter(({ outcome }) => outcome === 'unchanged')
    expect(stay.map(({ mxid }) => mxid).toSorted()).toEqual(MXIDS.slice(0, 2).toSorted())
    for (const { message } of stay) expect(message).toBe('changed or used at the target since')
    expect(api.sent.filter((line) => line === `DELETE users/${used}`)).toEqual([])
    expect(
      api.sent.filter((line) => [`GET users/${changed}/sessions`, `GET users/${changed}/consents`].includes(line)),
    ).toEqual([])
    expect(outcomes.filter(({ outcome }) => outcome === 'removed')).toHaveLength(MXIDS.length - 2)
  })

  it('begins with nobody more once an answer was lost, and ends when what is under way has ended', async () => {
    const api = answering(20)
    await expect(back(api)).rejects.toThrow('the answer was lost')
    const sent = api.sent.length
    for (let turn = 0; turn < 50; turn++) await nextTurn()
    expect(api.sent).toHaveLength(sent)
    expect(api.sent.filter((line) => line.startsWith('DELETE')).length).toBeLessThanOrEqual(25)
  })
})
