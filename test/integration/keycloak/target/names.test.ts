import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../../../src/accounts/account.ts'
import type { ConflictRules } from '../../../../src/mapping/mapping.ts'
import type { Outcome } from '../../../../src/targets/changes.ts'
import { crowd, person } from '../../../../src/targets/conformance/people.ts'
import { openKeycloak } from '../../../../src/targets/keycloak/keycloak-target.ts'
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

  /** As a run does it: looked at quickly, and applied at once, by a target of its own. */
  const run = async (
    runId: string,
    accounts: readonly Account[],
    conflicts: ConflictRules = HOLD_BACK,
  ): Promise<readonly Outcome[]> => {
    const config = configOf(realm, { providers: [IDP] })
    const target = await openKeycloak({ config, serverName: SERVER_NAME, conflicts, pepper: undefined, signal })
    try {
      const decisions = accounts.map(({ mxid }) => ({ mxid, decision: 'migrate' }) as const)
      const changes = await target.plan(
        { ordinal: 0, accounts: decisions, read: async () => accounts },
        { signal, depth: 'quick' },
      )
      const asOf = Date.UTC(2026, 10, 1)
      return await target.apply(changes, { runId, asOf, serverName: SERVER_NAME, mappingSha256: '', signal })
    } finally {
      await target.close()
    }
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
})
