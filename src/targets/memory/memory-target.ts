import type { Account } from '../../accounts/account.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { AccountDecision, Batch } from '../batch.ts'
import { type Changes, OUTCOME_OF, type Outcome } from '../changes.ts'
import type { FollowedRules, RunIdentity, Stoppable, Target, TargetProvider } from '../target.ts'
import { type MemoryPeople, removeRow, writeRow } from './people.ts'
import { type PlannedAccount, planAbsence, planAccount } from './plan-account.ts'
import { rollBack } from './roll-back.ts'

/** Where something can be made to happen: before an account is looked at, before it is written, after it is. */
export type MemoryPoint = 'plan' | 'write' | 'written'

export interface MemoryTargetOptions {
  readonly providers?: readonly TargetProvider[]
  readonly batchSize?: number
  /** Which rules about names it follows; absent: all of them. */
  readonly follows?: FollowedRules
  /** Called at every point with the account: to wait, to fail, to look. */
  readonly at?: (point: MemoryPoint, mxid: string) => void | Promise<void>
  /** The words with which an account is refused; undefined: it is taken. */
  readonly refuses?: (mxid: string) => string | undefined
}

export interface MemoryChanges extends Changes {
  readonly planned: readonly PlannedAccount[]
  /** To plan anew what has changed at the target meanwhile. */
  readonly wanted: ReadonlyMap<string, Account>
  readonly decisions: readonly AccountDecision[]
}

const DEFAULT_PROVIDERS: readonly TargetProvider[] = [
  { id: 'memory-provider', authProvider: 'oidc-memory' },
  { id: 'memory-other', authProvider: 'saml' },
]

const ALL_RULES: FollowedRules = { usernames: true, primaryEmail: true, attributes: true }

/** An OpenID Provider in this process: for tests, and to read when writing a target. */
export const memoryTarget = (people: MemoryPeople, options: MemoryTargetOptions = {}): Target<MemoryChanges> => {
  const {
    providers = DEFAULT_PROVIDERS,
    batchSize = 100,
    follows = ALL_RULES,
    at = () => {},
    refuses = () => undefined,
  } = options

  const planOne = (decision: AccountDecision, wanted: ReadonlyMap<string, Account>): PlannedAccount => {
    if (decision.decision !== 'migrate') return planAbsence(people, decision)
    const account = wanted.get(decision.mxid)
    if (account === undefined) {
      throw new Syn2opError('internal', `The batch decides to migrate ${decision.mxid} and does not hold it`)
    }
    return planAccount(people, account)
  }

  const applyOne = (decision: AccountDecision, changes: MemoryChanges, runId: string): Outcome => {
    const { change, rows } = planOne(decision, changes.wanted)
    const { mxid } = change
    if (change.change === 'hold back' || change.change === 'conflict') {
      const message = change.against === undefined ? {} : { message: `${change.against} has it` }
      return { mxid, outcome: 'held back', reason: change.reason ?? '', rows: change.rows, ...message }
    }
    const refusal = change.change === 'unchanged' ? undefined : refuses(mxid)
    if (refusal !== undefined) return { mxid, outcome: 'rejected', message: refusal, rows: [] }
    for (const { id, row, action } of rows) {
      if (action === 'remove') removeRow(people, id)
      else if (row !== undefined && (action === 'create' || action === 'update')) writeRow(people, row, runId)
    }
    return { mxid, outcome: OUTCOME_OF[change.change], rows: change.rows }
  }

  return {
    name: 'memory',
    providers,
    batchSize,
    follows,

    async describe() {
      return { product: 'memory', version: '1', location: 'this process', schema: 'none', postgres: 'none' }
    },

    async check() {
      return []
    },

    async fold(texts) {
      return texts.map((text) => text.toLowerCase())
    },

    async plan(batch: Batch, { signal }: Stoppable) {
      const wanted = new Map((await batch.read()).map((account) => [account.mxid, account]))
      const planned: PlannedAccount[] = []
      for (const decision of batch.accounts) {
        await at('plan', decision.mxid)
        signal.throwIfAborted()
        planned.push(planOne(decision, wanted))
      }
      return {
        batch: batch.ordinal,
        accounts: planned.map(({ change }) => change),
        planned,
        wanted,
        decisions: batch.accounts,
        discard: async () => {},
      }
    },

    async apply(changes: MemoryChanges, { runId, signal }: RunIdentity & Stoppable) {
      const outcomes: Outcome[] = []
      for (const decision of changes.decisions) {
        const { mxid } = decision
        // A stop is seen between accounts: what was written stays and is told.
        if (!signal.aborted) await at('write', mxid)
        if (signal.aborted) {
          outcomes.push({ mxid, outcome: 'not attempted', rows: [] })
          continue
        }
        outcomes.push(applyOne(decision, changes, runId))
        await at('written', mxid)
      }
      return outcomes
    },

    async rollback(run, { signal }) {
      signal.throwIfAborted()
      return rollBack(people, run)
    },

    async close() {},
  }
}
