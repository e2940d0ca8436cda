import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Account } from '../../../../src/accounts/account.ts'
import type { ConflictRules } from '../../../../src/mapping/mapping.ts'
import type { Batch } from '../../../../src/targets/batch.ts'
import { type AccountChange, OUTCOME_OF, type Outcome } from '../../../../src/targets/changes.ts'
import { crowd, person } from '../../../../src/targets/conformance/people.ts'
import { openKeycloak } from '../../../../src/targets/keycloak/keycloak-target.ts'
import type { KeycloakChanges } from '../../../../src/targets/keycloak/plan/plan-batch.ts'
import type { Target, Thoroughness } from '../../../../src/targets/target.ts'
import { configOf } from '../../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { emptyRealm, peopleOf } from '../../../support/keycloak/people.ts'
import { declareAttributes } from '../../../support/keycloak/profile.ts'
import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'

const missing = await whyNoKeycloak()
const SERVER_NAME = 'names.example'
const IDP = { id: 'upstream', authProvider: 'oidc-upstream' }
const HOLD_BACK: ConflictRules = { username: 'hold_back', email: 'hold_back', identity: 'hold_back' }
const people = { serverName: SERVER_NAME, providers: [IDP], primaryEmails: true }
const { signal } = new AbortController()

const IDS = z.array(z.object({ id: z.string() }))
const SUBJECTS = z.array(z.object({ userId: z.string() }))

interface Scene {
  readonly accounts?: readonly Account[]
  readonly gone?: readonly string[]
}

const withEmail = (account: Account, address: string): Account => ({
  ...account,
  threepids: [{ medium: 'email', address, addedAt: 1 }],
  primaryEmail: address,
})

describe.skipIf(missing !== undefined)(`names at Keycloak${missing === undefined ? '' : ` (${missing})`}`, () => {
  let realm: TestRealm

  beforeAll(async () => {
    realm = await newRealm(await sharedKeycloak(), { profile: 'relaxed', identityProviders: [IDP.id] })
    await declareAttributes(realm)
    await realm.admin.put('', { editUsernameAllowed: true })
  })
  beforeEach(() => emptyRealm(realm))
  afterAll(() => realm?.remove())

  const open = (conflicts: ConflictRules = HOLD_BACK) =>
    openKeycloak({
      config: configOf(realm, { providers: [IDP] }),
      serverName: SERVER_NAME,
      conflicts,
      pepper: undefined,
      signal,
    })

  /** As a run does it: looked at quickly, and applied at once, by a target of its own. */
  const run = async (
    runId: string,
    accounts: readonly Account[],
    conflicts: ConflictRules = HOLD_BACK,
  ): Promise<readonly Outcome[]> => [...(await runBatches(runId, [{ accounts }], conflicts)).values()]

  /** The same in several batches: whoever waits for another comes once more at the end. By Matrix id. */
  const runBatches = async (
    runId: string,
    batches: readonly Scene[],
    conflicts: ConflictRules = HOLD_BACK,
  ): Promise<ReadonlyMap<string, Outcome>> => {
    const told = new Map<string, Outcome>()
    await inBatches(
      batches,
      async (target, batch, last) => {
        const changes = await target.plan(batch, { signal, depth: 'quick', ...last })
        const asOf = Date.UTC(2026, 10, 1)
        const outcomes = await target.apply(changes, {
          runId,
          asOf,
          serverName: SERVER_NAME,
          mappingSha256: '',
          signal,
        })
        for (const one of outcomes) told.set(one.mxid, one)
        return outcomes.flatMap(({ mxid, outcome }) => (outcome === 'not attempted' ? [mxid] : []))
      },
      conflicts,
    )
    return told
  }

  const planBatches = async (batches: readonly Scene[]): Promise<ReadonlyMap<string, AccountChange>> => {
    const told = new Map<string, AccountChange>()
    await inBatches(
      batches,
      async (target, batch, last) => {
        const changes = await target.plan(batch, { signal, ...last })
        for (const one of changes.accounts) told.set(one.mxid, one)
        return changes.accounts.flatMap(({ mxid, waits }) => (waits === true ? [mxid] : []))
      },
      HOLD_BACK,
    )
    return told
  }

  const inBatches = async (
    scenes: readonly Scene[],
    work: (
      target: Target<KeycloakChanges>,
      batch: Batch,
      last: Pick<Thoroughness, 'last'>,
    ) => Promise<readonly string[]>,
    conflicts: ConflictRules,
  ): Promise<void> => {
    const target = await open(conflicts)
    const batchOf = ({ accounts = [], gone = [] }: Scene): Batch => ({
      ordinal: 0,
      accounts: [
        ...accounts.map(({ mxid }) => ({ mxid, decision: 'migrate' }) as const),
        ...gone.map((mxid) => ({ mxid, decision: 'gone' }) as const),
      ],
      read: async () => accounts,
    })
    try {
      const waiting: string[] = []
      for (const scene of scenes) waiting.push(...(await work(target, batchOf(scene), {})))
      const everybody = scenes.flatMap(({ accounts = [] }) => accounts)
      const late = everybody.filter(({ mxid }) => waiting.includes(mxid))
      expect(late).toHaveLength(waiting.length)
      if (late.length > 0) await work(target, batchOf({ accounts: late }), { last: true })
    } finally {
      await target.close()
    }
  }

  /** What a plan says and what a run does, of the same batches: they must not disagree. */
  const both = async (runId: string, batches: readonly Scene[]): Promise<readonly string[]> => {
    const planned = await planBatches(batches)
    const done = await runBatches(runId, batches)
    expect([...planned].map(([mxid, { change, reason }]) => [mxid, OUTCOME_OF[change], reason])).toEqual(
      [...planned.keys()].map((mxid) => [mxid, done.get(mxid)?.outcome, done.get(mxid)?.reason]),
    )
    return [...done.values()].map(({ outcome }) => outcome)
  }
  const linked = async (username: string, identities: Account['identities']): Promise<void> => {
    const [{ id } = { id: '' }] = await realm.admin.get(`users?username=${username}&exact=true`, IDS)
    for (const { subject } of identities) {
      await realm.admin.post(`users/${id}/federated-identity/${IDP.id}`, { userId: subject, userName: subject })
    }
  }
  const change = async (username: string, fields: object): Promise<void> => {
    const [{ id } = { id: '' }] = await realm.admin.get(`users?username=${username}&exact=true`, IDS)
    const user = await realm.admin.get(`users/${id}`, z.record(z.string(), z.unknown()))
    await realm.admin.put(`users/${id}`, { ...user, ...fields })
  }
  const kinds = (outcomes: readonly Outcome[]): readonly string[] => outcomes.map(({ outcome }) => outcome)
  const emails = async (): Promise<object> =>
    Object.fromEntries((await peopleOf(realm)).map(({ username, ['email']: email }) => [username, email]))

  it('go from one account to another in one batch, addresses in a ring too', async () => {
    const [a, b, c] = crowd(people, 3)
    if (a === undefined || b === undefined || c === undefined) throw new Error('a crowd of three')
    const [one, two] = ['one@names.example', 'two@names.example']
    expect(kinds(await run('r1', [withEmail(a, one), withEmail(b, two)]))).toEqual(['created', 'created'])
    expect(kinds(await run('r2', [withEmail(a, two), withEmail(b, one)]))).toEqual(['updated', 'updated'])
    expect(await emails()).toEqual({ person0000: two, person0001: one })
    const moved = [withEmail(a, 'new@names.example'), withEmail(b, one), withEmail(c, two)]
    expect(kinds(await run('r3', moved))).toEqual(['updated', 'unchanged', 'created'])
    const renamed = [{ ...withEmail(a, 'new@names.example'), username: 'renamed' }, withEmail(b, one)]
    const heir = { ...withEmail(c, two), username: 'person0000' }
    expect(kinds(await run('r4', [...renamed, heir]))).toEqual(['updated', 'unchanged', 'updated'])
    expect(await emails()).toEqual({ person0000: two, person0001: one, renamed: 'new@names.example' })
  })

  it('that somebody takes are found by the write, however many are in one request', async () => {
    const accounts = crowd(people, 45)
    for (const n of [3, 4, 21]) await realm.admin.post('users', { username: accounts[n]?.localpart, enabled: true })
    await realm.admin.post('users', { username: 'stranger', email: accounts[30]?.primaryEmail, enabled: true })
    const outcomes = await run('r1', accounts)
    const held = outcomes.flatMap(({ outcome, reason, message }, n) =>
      outcome === 'held back' ? [[n, reason, message]] : [],
    )
    expect(held).toEqual([
      ...[3, 4, 21].map((n) => [n, 'username_taken', expect.stringContaining(`the user ${accounts[n]?.localpart} (`)]),
      [30, 'email_taken', expect.stringContaining('the user stranger (')],
    ])
    expect(kinds(outcomes).filter((kind) => kind === 'created')).toHaveLength(41)
    expect(kinds(await run('r2', accounts)).filter((kind) => kind === 'held back')).toHaveLength(4)
  })

  it('that somebody has are left where the mapping says so, and counted', async () => {
    const account = person(people, { localpart: 'ann' })
    const [identity] = account.identities
    const federatedIdentities = [{ identityProvider: IDP.id, userId: identity?.subject, userName: 'x' }]
    await realm.admin.post('users', { username: 'stranger', email: account.primaryEmail, federatedIdentities })
    const [outcome] = await run('r1', [account], { username: 'hold_back', email: 'leave', identity: 'leave' })
    expect(outcome).toMatchObject({ outcome: 'created' })
    expect(outcome?.rows).toContainEqual(expect.objectContaining({ relation: 'threepid', create: 1, foreign: 1 }))
    expect(outcome?.rows).toContainEqual(expect.objectContaining({ relation: 'external_id', create: 0, foreign: 1 }))
    const ann = (await peopleOf(realm)).find(({ username }) => username === 'ann')
    expect(ann).toMatchObject({ links: [], attributes: { phones: [expect.stringMatching(/^\+49/)] } })
    expect(ann).not.toHaveProperty('email')
  })

  it('that Keycloak does not take are told in words, and nobody else waits for them', async () => {
    const [ann, ben] = [person(people, { localpart: 'ann' }), person(people, { localpart: 'ben' })]
    const long = { ...person(people, { localpart: 'long' }), username: 'x'.repeat(256) }
    const outcomes = await run('r1', [ann, ben, long])
    expect(kinds(outcomes)).toEqual(['created', 'created', 'rejected'])
    expect(outcomes[2]?.message).toContain('256 characters')
  })

  const three = (): readonly [Account, Account, Account] => {
    const [a, b, c] = crowd(people, 3)
    if (a === undefined || b === undefined || c === undefined) throw new Error('a crowd of three')
    return [a, b, c]
  }

  it('go from one account to another across batches, whichever is first', async () => {
    const [a, b, c] = three()
    const [one, two] = ['one@names.example', 'two@names.example']
    await run('r1', [withEmail(a, one), withEmail(b, two)])
    // A ring, a heir of somebody who comes later, and one of somebody who is gone.
    const ring = [{ accounts: [withEmail(a, two)] }, { accounts: [withEmail(b, one)] }]
    expect(await both('r2', ring)).toEqual(['updated', 'updated'])
    expect(await emails()).toEqual({ person0000: two, person0001: one })
    const { primaryEmail: _, ...rest } = a
    const left = { ...rest, threepids: [], isDeactivated: true, identities: [] }
    const heir = [{ accounts: [withEmail(c, two)] }, { accounts: [left, withEmail(b, one)] }]
    expect(await both('r3', heir)).toEqual(['created', 'updated', 'unchanged'])
    const late = person(people, { localpart: 'late' })
    const gone = [{ accounts: [withEmail(late, one)] }, { gone: [b.mxid] }]
    expect(await both('r4', gone)).toEqual(['created', 'removed'])
    expect(await emails()).toEqual({ person0000: undefined, person0002: two, late: one })
  })

  it('that their owner keeps are somebody else’s, in the plan as in the run', async () => {
    const [a, b, c] = three()
    const [own, gone] = ['chosen@names.example', 'gone@names.example']
    await run('r1', [a, withEmail(c, gone)])
    await change('person0000', { email: own })
    await change('person0002', { firstName: 'Kept', enabled: false })
    const heir = person(people, { localpart: 'heir' })
    const scenes = [{ accounts: [a, withEmail(b, own), withEmail(heir, gone)], gone: [c.mxid] }]
    expect(await both('r2', scenes)).toEqual(['unchanged', 'held back', 'held back', 'unchanged'])
  })

  it('of a homeserver’s account under another name of the realm are told as such', async () => {
    const [a] = three()
    await run('r1', [a])
    const [user] = await realm.admin.get('users?briefRepresentation=false', z.array(z.record(z.string(), z.unknown())))
    await emptyRealm(realm)
    const { id: _, ...others } = user ?? {}
    await realm.admin.post('users', others)
    const [outcome] = await run('r2', [a])
    expect(outcome).toMatchObject({ reason: 'username_taken', message: expect.stringContaining('another name') })
  })

  it('that are not taken since they are too long are told by the plan as well', async () => {
    const long = { ...person(people, { localpart: 'long' }), username: 'x'.repeat(256) }
    expect(await both('r1', [{ accounts: [long] }])).toEqual(['rejected'])
  })

  it('are nobody’s twice: who is known at a provider already is not known there as another', async () => {
    const [a, b, c] = three()
    const theirs = { ...a, identities: [] }
    await run('r1', [theirs])
    // They have linked it themselves; Synapse makes another account of theirs.
    await linked('person0000', a.identities)
    const second = { ...b, identities: a.identities }
    expect(await both('r2', [{ accounts: [second] }, { accounts: [theirs] }])).toEqual(['held back', 'unchanged'])
    // Whom we linked and who stays, since they have changed something.
    await run('r3', [c])
    await change('person0002', { enabled: false })
    const heir = { ...person(people, { localpart: 'heir' }), identities: c.identities }
    expect(await both('r4', [{ accounts: [heir] }, { gone: [c.mxid] }])).toEqual(['held back', 'unchanged'])
  })

  it('move with who is known by them at a provider, even to somebody who comes first', async () => {
    const [a, b] = three()
    await run('r1', [a])
    const scenes = [{ accounts: [{ ...b, identities: a.identities }] }, { accounts: [{ ...a, identities: [] }] }]
    expect(await both('r2', scenes)).toEqual(['created', 'updated'])
    const links = (await peopleOf(realm)).map(({ username, ['links']: all }) => [username, all])
    expect(links).toEqual([
      ['person0000', []],
      ['person0001', [expect.objectContaining({ userId: a.identities[0]?.subject })]],
    ])
  })

  it('at a provider go round in a ring, and stay with a holder alone whom a stranger stops', async () => {
    const [a, b, c] = three()
    const linksOf = async (): Promise<readonly (readonly string[])[]> =>
      (await peopleOf(realm)).map(({ ['links']: links }) => SUBJECTS.parse(links).map(({ userId }) => userId))
    const [ofA, ofB] = [a.identities[0]?.subject ?? '', b.identities[0]?.subject ?? '']
    await run('r1', [a, b])
    const swapped = [
      { ...withEmail(a, 'b@names.example'), identities: b.identities },
      { ...withEmail(b, 'a@names.example'), identities: a.identities },
    ]
    expect(await both('r2', [{ accounts: swapped }])).toEqual(['updated', 'updated'])
    expect(await linksOf()).toEqual([[ofB], [ofA]])
    await realm.admin.post('users', { username: 'stranger', email: 'taken@names.example' })
    const stopped = { ...withEmail(a, 'taken@names.example'), identities: [] }
    const heir = { ...c, identities: b.identities }
    expect(await both('r3', [{ accounts: [stopped, heir] }])).toEqual(['held back', 'held back'])
    expect(await linksOf()).toEqual([[ofB], [ofA], []])
  })

  it('that a stranger takes at a provider during the first run are found', async () => {
    const [a, b] = three()
    const target = await open()
    const asOf = Date.UTC(2026, 10, 1)
    try {
      for (const account of [a, b]) {
        const accounts = [{ mxid: account.mxid, decision: 'migrate' }] as const
        const changes = await target.plan(
          { ordinal: 0, accounts, read: async () => [account] },
          { signal, depth: 'quick' },
        )
        const made = await target.apply(changes, {
          runId: 'r1',
          asOf,
          serverName: SERVER_NAME,
          mappingSha256: '',
          signal,
        })
        expect(kinds(made)).toEqual(account === a ? ['created'] : ['held back'])
        await realm.admin.post('users', { username: `stranger-of-${account.localpart}`, enabled: true })
        if (account === a) await linked('stranger-of-person0000', b.identities)
      }
    } finally {
      await target.close()
    }
  })
})
