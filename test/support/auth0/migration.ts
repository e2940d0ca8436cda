import { onTestFinished } from 'vitest'
import type { Account } from '../../../src/accounts/account.ts'
import type { ConflictRules } from '../../../src/mapping/mapping.ts'
import { type SimulatedClock, simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import { type StandIn, type StandInOptions, startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import { openAuth0 } from '../../../src/targets/auth0/auth0-target.ts'
import type { Auth0Config } from '../../../src/targets/auth0/config/auth0-config.ts'
import type { Auth0Changes } from '../../../src/targets/auth0/plan/plan-batch.ts'
import type { AccountDecision, Batch } from '../../../src/targets/batch.ts'
import type { Outcome } from '../../../src/targets/changes.ts'
import { person } from '../../../src/targets/conformance/people.ts'
import type { Target, Thoroughness } from '../../../src/targets/target.ts'
import { plainMapping } from '../migration/requests.ts'
import { configOf, EVERY_IDENTIFIER } from './config.ts'
import { documentedScopes, giveScopes } from './documented-scopes.ts'

export const SERVER_NAME = 'example.org'
export const PEPPER = 'a pepper that nobody may see'
const PEOPLE = { serverName: SERVER_NAME, providers: [], primaryEmails: true }
const NEVER = new AbortController().signal
const AS_OF = Date.UTC(2026, 10, 1)

export const accountOf = (localpart: string, fields: Partial<Account> = {}): Account => ({
  ...person(PEOPLE, { localpart }),
  ...fields,
})

export const accountsOf = (count: number): readonly Account[] =>
  Array.from({ length: count }, (_, n) => accountOf(`person${String(n).padStart(5, '0')}`))

/** Whom a batch is about. */
export interface BatchOf {
  readonly accounts?: readonly Account[]
  readonly gone?: readonly string[]
  readonly ordinal?: number
}

export const batchOf = ({ accounts = [], gone = [], ordinal = 0 }: BatchOf): Batch => {
  const decisions: readonly AccountDecision[] = [
    ...accounts.map(({ mxid }) => ({ mxid, decision: 'migrate' }) as const),
    ...gone.map((mxid) => ({ mxid, decision: 'gone' }) as const),
  ]
  return { ordinal, accounts: decisions.toSorted((a, b) => (a.mxid < b.mxid ? -1 : 1)), read: async () => accounts }
}

export interface RunOf {
  readonly runId?: string
  readonly signal?: AbortSignal
}

/** A target on a tenant whose time is simulated. */
export interface OpenTarget {
  readonly target: Target<Auth0Changes>
  plan(batch: BatchOf, how?: Thoroughness): Promise<Auth0Changes>
  apply(changes: Auth0Changes, run?: RunOf): Promise<readonly Outcome[]>
  /** Plans quickly, as a run does, and applies that. */
  migrate(batch: BatchOf, run?: RunOf): Promise<readonly Outcome[]>
}

export interface TenantToFill {
  readonly standIn: StandIn
  readonly clock: SimulatedClock
  readonly config: Auth0Config
  /** Opens another target, as another process would; without the notes of earlier ones. */
  open(others?: {
    readonly conflicts?: ConflictRules
    readonly config?: Partial<Auth0Config>
    readonly folder?: string
  }): Promise<OpenTarget>
  userOf(account: Pick<Account, 'mxid'>): User | undefined
  /** What was asked, such as `PATCH users`, from a point on. */
  asked(from?: number): readonly string[]
}

/** Everything is closed after the test. */
export const tenantToFill = async (
  options: Omit<StandInOptions, 'clock'> = {},
  others: Partial<Auth0Config> = {},
): Promise<TenantToFill> => {
  const clock = simulatedClock()
  const standIn = await startStandIn({ clock, ...options })
  standIn.connection.options = EVERY_IDENTIFIER
  giveScopes(standIn, await documentedScopes('moving people', 'scim'))
  const config = configOf(standIn, { pepper: 'disclose', ...others })
  onTestFinished(() => standIn.close())
  return {
    standIn,
    clock,
    config,
    async open(opening = {}) {
      const target = await openAuth0({
        config: { ...config, ...opening.config },
        serverName: SERVER_NAME,
        conflicts: opening.conflicts ?? plainMapping.conflicts,
        pepper: PEPPER,
        ...(opening.folder === undefined ? {} : { folder: opening.folder }),
        clock,
        signal: NEVER,
      })
      onTestFinished(() => target.close())
      const opened: OpenTarget = {
        target,
        plan: (batch, how = {}) => target.plan(batchOf(batch), { signal: NEVER, ...how }),
        apply: (changes, { runId = 'run-1', signal = NEVER } = {}) =>
          target.apply(changes, { runId, signal, asOf: AS_OF, serverName: SERVER_NAME, mappingSha256: '0'.repeat(64) }),
        migrate: async (batch, run) => opened.apply(await opened.plan(batch, { depth: 'quick' }), run),
      }
      return opened
    },
    userOf: ({ mxid }) => standIn.tenant.users.byId(userIdOf(standIn.connection.name, mxid)),
    asked: (from = 0) =>
      standIn.requests.slice(from).map(({ method, path }) => `${method} ${path.split('/').slice(3, 5).join('/')}`),
  }
}

/** How many of some outcomes there are of each kind. */
export const countOutcomes = (outcomes: readonly Outcome[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(outcomes, ({ outcome }) => outcome)].map(([outcome, some]) => [outcome, some.length]),
  )
