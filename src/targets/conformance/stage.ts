import type { Account } from '../../accounts/account.ts'
import type { ReasonCode } from '../../accounts/reasons.ts'
import type { AccountDecision, Batch } from '../batch.ts'
import type { AccountChange, Changes, Outcome } from '../changes.ts'
import type { RunIdentity, Target } from '../target.ts'
import { ask } from './ask.ts'
import type { ConformanceHarness } from './harness.ts'
import type { People } from './people.ts'

/** Whom a step of a case is about. */
export interface Scene {
  readonly accounts?: readonly Account[]
  readonly heldBack?: readonly { readonly mxid: string; readonly reason: ReasonCode }[]
  /** Matrix ids that an earlier step wrote and the source has no longer. */
  readonly gone?: readonly string[]
}

export interface Migrated {
  readonly changes: readonly AccountChange[]
  readonly outcomes: readonly Outcome[]
}

export interface Step {
  readonly runId?: string
  readonly signal?: AbortSignal
  readonly last?: true
}

/** An emptied OP with a target open on it: what a case works with. */
export interface Stage {
  readonly harness: ConformanceHarness
  readonly people: People
  target(): Target
  /** Closes the target and opens another one. */
  reopen(): Promise<void>
  /** Cuts a scene into batches of the target's size; each is asked for when its turn comes. */
  batches(scene: Scene): readonly (() => Promise<Batch>)[]
  plan(batch: Batch, step?: Step): Promise<Changes>
  apply(changes: Changes, step?: Step): Promise<readonly Outcome[]>
  /** Plans and applies all batches of a scene. */
  migrate(scene: Scene, step?: Step): Promise<Migrated>
  /** The same of several scenes in one run, whose accounts are in no batch together but where they wait for each other. */
  migrateInTurn(scenes: readonly Scene[], step?: Step): Promise<Migrated>
  /** Plans a scene and applies nothing of it. */
  look(scene: Scene): Promise<readonly AccountChange[]>
  state(): Promise<unknown>
}

interface Told {
  readonly change: AccountChange
  readonly outcome: Outcome | undefined
}

/** The run of every step that names no other. */
const FIRST_RUN = 'conformance-1'
const AS_OF = Date.UTC(2026, 10, 1)

export const openStage = async (harness: ConformanceHarness): Promise<Stage & { close(): Promise<void> }> => {
  await harness.reset()
  const serverName = harness.serverName ?? 'conformance.example'
  const never = new AbortController().signal
  const begun = new Set<string>()
  const open = async (): Promise<Target> => {
    const opened = await harness.open()
    await opened.takeOver?.()
    return opened
  }
  let target = await open()
  const primaryEmails = target.follows?.primaryEmail === true
  const people: People = { serverName, providers: target.providers, primaryEmails }

  const identity = (runId: string): RunIdentity => ({ runId, asOf: AS_OF, serverName, mappingSha256: '0'.repeat(64) })
  /** A target with a road by SQL has its runs entered, as the core does before it plans the first batch. */
  const begin = async (runId: string): Promise<void> => {
    if (target.sql === undefined || begun.has(runId)) return
    begun.add(runId)
    await target.sql.begin({ ...identity(runId), kind: 'merge' }, { signal: new AbortController().signal })
  }
  await begin(FIRST_RUN)

  const stage: Stage = {
    harness,
    people,
    target: () => target,

    async reopen() {
      await target.close()
      target = await open()
    },

    batches: (scene) =>
      inBatches(decisionsOf(scene), target.batchSize).map(
        (decisions, ordinal) => () => makeBatch(harness, ordinal, decisions, scene.accounts ?? []),
      ),

    async plan(batch, { signal = never, last } = {}) {
      const changes = await target.plan(batch, { signal, ...(last === undefined ? {} : { last }) })
      askEverybodyOnce(changes.accounts, batch.accounts, 'plan')
      return changes
    },

    async apply(changes, { runId = FIRST_RUN, signal = never } = {}) {
      const outcomes = await target.apply(changes, { ...identity(runId), signal })
      askEverybodyOnce(outcomes, changes.accounts, 'apply')
      return outcomes
    },

    migrate: (scene, step) => stage.migrateInTurn([scene], step),

    async migrateInTurn(scenes, step = {}) {
      await begin(step.runId ?? FIRST_RUN)
      const told = new Map<string, Told>()
      const take = async (scene: Scene, own: Step): Promise<void> => {
        for (const batch of stage.batches(scene)) {
          const planned = await stage.plan(await batch(), own)
          const outcomes = new Map((await stage.apply(planned, own)).map((one) => [one.mxid, one]))
          for (const change of planned.accounts) told.set(change.mxid, { change, outcome: outcomes.get(change.mxid) })
        }
      }
      for (const scene of scenes) await take(scene, step)
      const waits = ({ mxid }: { readonly mxid: string }): boolean =>
        told.get(mxid)?.outcome?.outcome === 'not attempted'
      const late: Scene = {
        accounts: scenes.flatMap(({ accounts = [] }) => accounts.filter(waits)),
        heldBack: scenes.flatMap(({ heldBack = [] }) => heldBack.filter(waits)),
        gone: scenes.flatMap(({ gone = [] }) => gone.filter((mxid) => waits({ mxid }))),
      }
      // As the core does: whoever waits for others comes once more after all of them.
      await take(late, { ...step, last: true })
      return {
        changes: [...told.values()].map(({ change }) => change),
        outcomes: [...told.values()].flatMap(({ outcome }) => outcome ?? []),
      }
    },

    async look(scene) {
      const changes: AccountChange[] = []
      for (const batch of stage.batches(scene)) {
        const planned = await stage.plan(await batch())
        changes.push(...planned.accounts)
        await planned.discard()
      }
      return changes
    },

    state: async () => harness.state(),
  }
  return { ...stage, close: () => target.close() }
}

const decisionsOf = ({ accounts = [], heldBack = [], gone = [] }: Scene): readonly AccountDecision[] =>
  [
    ...accounts.map(({ mxid }) => ({ mxid, decision: 'migrate' }) as const),
    ...heldBack.map(({ mxid, reason }) => ({ mxid, decision: 'hold back', reason }) as const),
    ...gone.map((mxid) => ({ mxid, decision: 'gone' }) as const),
  ].toSorted((a, b) => Buffer.compare(Buffer.from(a.mxid), Buffer.from(b.mxid)))

const inBatches = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size))

const makeBatch = async (
  harness: ConformanceHarness,
  ordinal: number,
  decisions: readonly AccountDecision[],
  everybody: readonly Account[],
): Promise<Batch> => {
  const names = new Set(decisions.map(({ mxid }) => mxid))
  const accounts = everybody.filter(({ mxid }) => names.has(mxid))
  if (harness.batch !== undefined) return harness.batch({ ordinal, decisions, accounts })
  return { ordinal, accounts: decisions, read: async () => structuredClone(accounts) }
}

const askEverybodyOnce = (
  told: readonly { readonly mxid: string }[],
  wanted: readonly { readonly mxid: string }[],
  method: 'plan' | 'apply',
): void => {
  const rule = `${method} must tell of every account of the batch once, in the batch's order (target.ts, ${method}; changes.ts)`
  ask(Array.isArray(told), `${method} gave no list of accounts: ${rule}`)
  const names = told.map(({ mxid }) => mxid)
  for (const { mxid } of wanted) {
    const times = names.filter((name) => name === mxid).length
    ask(times === 1, `${method} told of ${mxid} ${times === 0 ? 'not at all' : `${times} times`}: ${rule}`)
  }
  const strange = names.find((name) => !wanted.some(({ mxid }) => mxid === name))
  ask(strange === undefined, `${method} told of ${strange}, who is not in the batch: ${rule}`)
  const misplaced = names.findIndex((name, index) => name !== wanted[index]?.mxid)
  ask(misplaced === -1, `${method} told of ${names[misplaced]} out of turn: ${rule}`)
}
