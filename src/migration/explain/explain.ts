import { decisions } from '../../accounts/decisions/decisions.ts'
import { predictedRows } from '../../accounts/decisions/predicted-rows.ts'
import type { ReasonCode } from '../../accounts/reasons.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { run } from '../../postgres/statement.ts'
import type { AccountAtTarget, ExplainedAccount, ExplanationDocument } from '../../report/explanation.ts'
import type { Unreached } from '../../report/runs-document.ts'
import { scopeRelations } from '../../synapse/scope.ts'
import type { AccountDecision, Batch, DecidedSource } from '../../targets/batch.ts'
import type { Target } from '../../targets/target.ts'
import { syn2opVersion } from '../../version.ts'
import type { Naming } from '../naming.ts'
import { withSource } from '../open-source.ts'
import type { MigrationRequest } from '../request.ts'
import { withTarget } from '../runs/ask-database.ts'
import { listRunIds, readRun } from '../runs/read-run.ts'
import { runEntries } from '../runs/run-entries.ts'
import { readBatchWithin } from '../slow-road/read-batch.ts'
import { accountCohort } from './account-cohort.ts'
import { accountHistory } from './account-history.ts'
import { predictionWords } from './predictions.ts'
import { readAccount, readRows } from './source-rows.ts'

export interface ExplainRequest extends MigrationRequest {
  readonly mxid: string
  /** The folder of all runs. */
  readonly runs: string
}

/**
 * All that is known of one account: its rows and their decisions, how it stands at the target, what will change for it,
 * and what runs did with it. Writes nothing.
 * @throws Syn2opError run.unreadable, and those of the databases.
 */
export const explain = (request: ExplainRequest): Promise<ExplanationDocument> =>
  withTarget(request, (target) =>
    withSource(request, target, async ({ reader, readers, relations, rules, naming }) => {
      const { mxid, runs } = request
      const { serverName, asOf } = rules
      const scoped = await scopeRelations({ relations, rules, readers, accounts: [mxid] })
      const decided = decisions(scoped, rules)
      const account = await readAccount(reader, { decisions: decided, relations: scoped, mxid, asOf })
      const rows = await readRows(reader, decided, mxid)
      const sync = target.sql?.syncDeletions === undefined ? 'keeps' : 'deletes'
      const predicted = await run(reader, predictedRows({ relations: scoped, rules, decisions: decided, sync }))
      const history = await target.sql?.history()
      const cohort = await accountCohort(request, { mxid, target, history, relations: scoped, reader })
      const stored = await Promise.all((await listRunIds(runs)).map((runId) => readRun(runs, runId)))
      return {
        kind: 'explanation',
        format: 1,
        syn2op: syn2opVersion(),
        mxid,
        serverName,
        asOf: new Date(asOf).toISOString(),
        ...(account === undefined ? {} : { account }),
        ...(cohort === undefined ? {} : { cohort }),
        rows,
        predictions: predicted.filter((row) => row.mxid === mxid).map(predictionWords),
        target: await atTarget(target, {
          batch: async () =>
            target.sql === undefined
              ? (await readBatchWithin(reader, { relations, rules, ...named(naming) }, { ordinal: 0, names: [mxid] }))
                  .batch
              : batchOf(decisionOf(mxid, account), { decisions: decided, readers }),
          signal: request.signal,
        }),
        history: await accountHistory(runs, runEntries(stored, history), { mxid, serverName }),
      }
    }),
  )

const decisionOf = (mxid: string, account: ExplainedAccount | undefined): AccountDecision => {
  if (account === undefined) return { mxid, decision: 'gone' }
  const { reason } = account
  return reason === undefined
    ? { mxid, decision: 'migrate' }
    : { mxid, decision: 'hold back', reason: reason as ReasonCode }
}

const named = (naming: Naming | undefined) => (naming === undefined ? {} : { naming })

/** For a target that reads the rows itself. */
const batchOf = (decision: AccountDecision, source: DecidedSource): Batch => ({
  ordinal: 0,
  accounts: [decision],
  read: async () => [],
  source,
})

interface Question {
  readonly batch: () => Promise<Batch>
  readonly signal: AbortSignal
}

/** The plan of a batch of this one account: what a run would do, by the code that would do it. */
const atTarget = async (target: Target, { batch, signal }: Question): Promise<AccountAtTarget | Unreached> => {
  try {
    const changes = await target.plan(await batch(), { signal })
    try {
      const [change] = changes.accounts
      if (change === undefined) throw new TypeError('a plan tells of every account of its batch')
      const { mxid: _, ...told } = change
      return told
    } finally {
      await changes.discard()
    }
  } catch (error) {
    // A target that cannot be planned on as it is, such as one without tables, is part of the answer.
    if (error instanceof Syn2opError && error.code !== 'internal') return { code: error.code, message: error.message }
    throw error
  }
}
