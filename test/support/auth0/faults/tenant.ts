import { isDeepStrictEqual } from 'node:util'
import { DEMO_CANARIES } from '../../../../src/rehearsal/demo/canaries.ts'
import { type SimulatedClock, simulatedClock } from '../../../../src/rehearsal/standins/auth0/clock.ts'
import { type Fault, isOfImports } from '../../../../src/rehearsal/standins/auth0/faults.ts'
import { MOST_AT_ONCE } from '../../../../src/rehearsal/standins/auth0/jobs/speeds.ts'
import type { Readings } from '../../../../src/rehearsal/standins/auth0/readings.ts'
import { type StandIn, startStandIn } from '../../../../src/rehearsal/standins/auth0/server.ts'
import type { User } from '../../../../src/rehearsal/standins/auth0/tenant.ts'
import { userBody } from '../../../../src/rehearsal/standins/auth0/user-body.ts'
import type { Auth0Config } from '../../../../src/targets/auth0/config/auth0-config.ts'
import { configOf, EVERY_IDENTIFIER } from '../config.ts'
import { documentedScopes, giveScopes } from '../documented-scopes.ts'
import { addConnection } from '../tenant-and-api.ts'
import { standInUser } from '../users.ts'
import { DEMO_CONNECTIONS } from './source.ts'

/** A tenant with people of its own, whose time is simulated and where things go wrong. */
export interface FaultyTenant extends AsyncDisposable {
  readonly standIn: StandIn
  readonly clock: SimulatedClock
  readonly config: Auth0Config
  /** By user_id: who was there before anybody came. */
  readonly strangers: ReadonlyMap<string, User>
  /** From now on nothing comes through to it, or everything again. */
  isCutOff: boolean
  /** Requests that did not come through for that. */
  readonly cut: number
  /** Those who came, by user_id, but for what differs from run to run. */
  newcomers(): ReadonlyMap<string, object>
  /** Matrix ids of those whom a run made, as their marks say. */
  madeBy(runId: string): readonly string[]
}

/** The database connection of the tenant that nobody moves to. */
const ELSEWHERE = 'elsewhere'

const carol = DEMO_CANARIES.find(({ localpart }) => localpart === 'carol')

/** As various as they come; the first of them are in the way of somebody of the demo. */
const strangers = (): readonly User[] => [
  standInUser('bob-of-old', { username: 'bob', email: 'bob.of.old@auth0.example', emailVerified: true }),
  standInUser('with-the-address', { email: 'twin@mail.example' }),
  standInUser('with-the-phone', { phoneNumber: '+447700900001' }),
  standInUser('blocked', { username: 'blocked-of-old', blocked: true }),
  standInUser('in-use', { username: 'in-use-of-old', loginsCount: 7, lastLogin: Date.UTC(2026, 0, 3) }),
  standInUser('with-metadata', { email: 'marked@auth0.example', appMetadata: { syn2op: 'not ours', plan: 'gold' } }),
  {
    ...standInUser('elsewhere', { username: 'alice', email: 'alice@auth0.example' }),
    identities: [{ connection: ELSEWHERE, provider: 'auth0', userId: 'elsewhere', isSocial: false }],
  },
  {
    ...standInUser('with-the-identity'),
    userId: `oidc|oidc-github|${carol?.externalId?.subject ?? ''}`,
    identities: [
      {
        connection: 'oidc-github',
        provider: 'oidc',
        userId: `oidc-github|${carol?.externalId?.subject ?? ''}`,
        isSocial: false,
      },
    ],
  },
]

const asItEnds = (user: User): object => {
  const { created_at: _, updated_at: __, app_metadata: metadata, ...body } = userBody(user)
  const { syn2op, ...kept } = Object(metadata)
  const { run: ___, ...marks } = Object(syn2op)
  return { ...body, app_metadata: { ...kept, syn2op: marks }, password: user.password }
}

/** User_ids of those who are not the same in both, or in one only. */
export const differingUsers = (
  one: ReadonlyMap<string, object>,
  other: ReadonlyMap<string, object>,
): readonly string[] =>
  [...new Set([...one.keys(), ...other.keys()])].filter((id) => !isDeepStrictEqual(one.get(id), other.get(id)))

export interface TenantWishes {
  readonly plan?: Auth0Config['plan']
  readonly faults?: readonly Fault[]
  readonly seed?: number
  /** Usernames that are taken though Auth0 tells of nobody who has them, as is known of connections that were filled in two ways. */
  readonly ghosts?: ReadonlySet<string>
  /** Of the connection that people move to; people need no e-mail address there unless it is said. */
  readonly options?: Readonly<Record<string, unknown>>
  /** What auth0.yaml says beside what all such tests need. */
  readonly config?: Partial<Auth0Config>
  /** Where Auth0's texts can be read in two ways: other than the stand-in usually does. */
  readonly readings?: Partial<Readings>
}

export const faultyTenant = async ({
  plan = 'enterprise',
  faults = [],
  seed = 1,
  ghosts = new Set(),
  options = EVERY_IDENTIFIER,
  config = {},
  readings = {},
}: TenantWishes = {}): Promise<FaultyTenant> => {
  const clock = simulatedClock()
  let cut = 0
  const cutting: Fault = {
    kind: 'reset before',
    on: () => {
      if (tenant.isCutOff) cut++
      return tenant.isCutOff
    },
  }
  // An import that others at work keep waiting makes no job that could go wrong.
  const hasRoom = (): boolean =>
    [...standIn.tenant.jobs.values()].filter(({ type, endedAt }) => type === 'users_import' && endedAt === undefined)
      .length < MOST_AT_ONCE
  const truly = faults.map(
    (fault): Fault =>
      isOfImports(fault.kind)
        ? { ...fault, on: (method, path) => hasRoom() && (fault.on?.(method, path) ?? true) }
        : fault,
  )
  const standIn: StandIn = await startStandIn({ clock, plan, seed, faults: [cutting, ...truly], readings })
  standIn.connection.options = options
  giveScopes(standIn, await documentedScopes('moving people', 'scim'))
  addConnection(standIn, ELSEWHERE, 'auth0')
  for (const { id, strategy } of DEMO_CONNECTIONS) addConnection(standIn, id, strategy)
  const { users } = standIn.tenant
  for (const stranger of strangers()) users.put(stranger)
  const before = new Map([...users.all()].map((user) => [user.userId, user]))
  const { byUsername } = users
  users.byUsername = (connection, username) =>
    ghosts.has(username) ? standInUser('ghost', { username }) : byUsername(connection, username)
  const tenant: FaultyTenant = {
    standIn,
    clock,
    config: configOf(standIn, {
      pepper: 'disclose',
      plan,
      providers: DEMO_CONNECTIONS,
      application: standIn.client,
      ...config,
    }),
    strangers: before,
    isCutOff: false,
    get cut() {
      return cut
    },
    newcomers: () =>
      new Map(
        [...users.all()].filter(({ userId }) => !before.has(userId)).map((user) => [user.userId, asItEnds(user)]),
      ),
    madeBy: (runId) =>
      [...users.all()]
        .map(({ appMetadata: { syn2op } }) => Object(syn2op))
        .flatMap(({ run, mxid }) => (run === runId ? [String(mxid)] : []))
        .toSorted(),
    [Symbol.asyncDispose]: () => standIn.close(),
  }
  return tenant
}
