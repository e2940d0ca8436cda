import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Account } from '../../../../src/accounts/account.ts'
import type { Batch } from '../../../../src/targets/batch.ts'
import type { AccountChange } from '../../../../src/targets/changes.ts'
import { crowd } from '../../../../src/targets/conformance/people.ts'
import { openKeycloak } from '../../../../src/targets/keycloak/keycloak-target.ts'
import type { KeycloakChanges } from '../../../../src/targets/keycloak/plan/plan-batch.ts'
import type { Target } from '../../../../src/targets/target.ts'
import { configOf } from '../../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { emptyRealm } from '../../../support/keycloak/people.ts'
import { declareAttributes } from '../../../support/keycloak/profile.ts'
import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'

const missing = await whyNoKeycloak()
const SERVER_NAME = 'verify.example'
const IDP = { id: 'upstream', authProvider: 'oidc-upstream' }
const { signal } = new AbortController()
const IDS = z.array(z.object({ id: z.string() }))
const USER = z.looseObject({ attributes: z.record(z.string(), z.array(z.string())) })

/** Seven with everything, one without a password, one without an identity. */
const PEOPLE: readonly Account[] = crowd({ serverName: SERVER_NAME, providers: [IDP], primaryEmails: true }, 9).map(
  (account, n) => {
    const { passwordHash: _, ...rest } = account
    const shaped = { ...account, attributes: { displayname: account.localpart } }
    if (n === 7) return { ...rest, attributes: shaped.attributes }
    return n === 8 ? { ...shaped, identities: [] } : shaped
  },
)
const BATCH: Batch = {
  ordinal: 0,
  accounts: PEOPLE.map(({ mxid }) => ({ mxid, decision: 'migrate' })),
  read: async () => PEOPLE,
}

describe.skipIf(missing !== undefined)(`verify at Keycloak${missing === undefined ? '' : ` (${missing})`}`, () => {
  let realm: TestRealm

  const withTarget = async <Result>(work: (target: Target<KeycloakChanges>) => Promise<Result>): Promise<Result> => {
    const target = await openKeycloak({
      config: configOf(realm, { providers: [IDP] }),
      serverName: SERVER_NAME,
      conflicts: { username: 'hold_back', email: 'hold_back', identity: 'hold_back' },
      pepper: undefined,
      signal,
    })
    try {
      return await work(target)
    } finally {
      await target.close()
    }
  }

  beforeAll(async () => {
    realm = await newRealm(await sharedKeycloak(), { profile: 'relaxed', identityProviders: [IDP.id] })
    await declareAttributes(realm, ['displayname'])
  })
  beforeEach(async () => {
    await emptyRealm(realm)
    const run = { runId: 'r1', asOf: Date.UTC(2026, 10, 1), serverName: SERVER_NAME, mappingSha256: '', signal }
    await withTarget(async (target) => target.apply(await target.plan(BATCH, { signal, depth: 'quick' }), run))
  })
  afterAll(() => realm?.remove())

  const idOf = async (n: number): Promise<string> => {
    const [user] = await realm.admin.get(`users?username=${PEOPLE[n]?.localpart}&exact=true`, IDS)
    if (user === undefined) throw new Error(`no user ${n}`)
    return user.id
  }
  const change = async (n: number, fields: (user: z.infer<typeof USER>) => object): Promise<void> => {
    const id = await idOf(n)
    const user = await realm.admin.get(`users/${id}`, USER)
    await realm.admin.put(`users/${id}`, { ...user, ...fields(user) })
  }
  const link = async (n: number, subject: string | undefined): Promise<void> => {
    const path = `users/${await idOf(n)}/federated-identity/${IDP.id}`
    await realm.admin.send('DELETE', path)
    if (subject !== undefined) await realm.admin.post(path, { userId: subject, userName: subject })
  }

  /** Of each person what is not as it was written; nothing: all of it is. */
  const differences = async (): Promise<readonly (readonly string[])[]> => {
    const changes = await withTarget(async (target) => (await target.plan(BATCH, { signal })).accounts)
    return changes.map(told)
  }
  const told = ({ change: kind, reason, rows }: AccountChange): readonly string[] => [
    ...(kind === 'unchanged' ? [] : [reason ?? kind]),
    ...rows.flatMap(({ relation, create, update, remove, theirs, foreign }) =>
      Object.entries({ create, update, remove, theirs, foreign }).flatMap(([what, count]) =>
        count === 0 ? [] : [`${relation} ${what}`],
      ),
    ),
  ]

  it('finds nothing where nobody has changed anything', async () => {
    expect(await differences()).toEqual(PEOPLE.map(() => []))
  })

  it('finds what people have changed, each for itself', async () => {
    await realm.admin.delete(`users/${await idOf(0)}`)
    await change(1, () => ({ enabled: false }))
    await change(2, ({ attributes }) => ({ attributes: { ...attributes, displayname: ['Somebody'] } }))
    await change(3, () => ({ email: 'mine@verify.example' }))
    const [credential] = await realm.admin.get(`users/${await idOf(4)}/credentials`, IDS)
    await realm.admin.delete(`users/${await idOf(4)}/credentials/${credential?.id}`)
    await realm.admin.put(`users/${await idOf(5)}/reset-password`, { type: 'password', value: 'another one' })
    const all = ['account', 'password', 'threepid', 'external_id'].map((relation) => `${relation} create`)
    expect(await differences()).toEqual([
      ['create', ...all],
      ['account theirs'],
      ['account theirs'],
      ['threepid theirs'],
      ['password theirs'],
      ['password theirs'],
      [],
      [],
      [],
    ])
  })

  it('finds links that are gone, that lead elsewhere, or that another user has as well', async () => {
    await link(0, undefined)
    await link(1, 'somebody else')
    await link(7, PEOPLE[2]?.identities[0]?.subject)
    const federatedIdentities = [
      { identityProvider: IDP.id, userId: PEOPLE[3]?.identities[0]?.subject, userName: 'stranger' },
    ]
    await realm.admin.post('users', { username: 'stranger', enabled: true, federatedIdentities })
    await link(8, PEOPLE[4]?.identities[0]?.subject)
    expect(await differences()).toEqual([
      ['external_id theirs'],
      ['external_id theirs'],
      ['identity_taken'],
      ['identity_taken'],
      ['identity_taken'],
      [],
      [],
      ['external_id theirs'],
      [],
    ])
  })
})
