import { sql } from 'kysely'
import type { Client } from 'pg'
import { decisions } from '../accounts/decisions/decisions.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { run } from '../postgres/statement.ts'
import { scopeRelations } from '../synapse/scope.ts'
import type { AccountDecision, Batch, DecidedSource } from '../targets/batch.ts'
import type { Outcome } from '../targets/changes.ts'
import type { RecordedDecisions } from '../targets/sql-road.ts'
import type { ProgressListener, Target } from '../targets/target.ts'
import type { Candidates } from './find-candidates.ts'
import { type OutcomeTally, outcomeTally } from './outcome-tally.ts'
import type { Prepared } from './prepare.ts'

/** A batch whose decision is made over its accounts only. */
export type ScopedBatch = Batch & { readonly source: DecidedSource }

export interface ConvergeOptions {
  readonly prepared: Pick<Prepared, 'target' | 'readers' | 'scout' | 'source'>
  readonly candidates: Candidates
  readonly progress: ProgressListener
  readonly signal: AbortSignal
  /** Does one batch and says what became of its accounts; several at the same time, each with readers of its own. */
  readonly perform: (batch: ScopedBatch, target: Target) => Promise<readonly Outcome[]>
}

/**
 * Closes the difference between source and target, a batch of whole accounts after the other, as many at a time as there
 * are readers. After a failure nothing new begins, and what is under way is awaited.
 */
export const converge = async (options: ConvergeOptions): Promise<OutcomeTally> => {
  const { prepared, candidates, progress, signal } = options
  const tally = outcomeTally()
  tally.addUnchanged(candidates.recorded)
  tally.addUnchanged(await namelessAccounts(prepared))
  const stop = new AbortController()
  const pages = oneAtATime(candidates.pages())
  let ordinal = 0
  let done = 0
  const lane = async (reader: Client): Promise<void> => {
    for (;;) {
      signal.throwIfAborted()
      if (stop.signal.aborted) return
      const accounts = await pages.next()
      if (accounts === undefined) return
      const number = ordinal++
      const outcomes = await options.perform(await scoped(prepared, reader, number, accounts), prepared.target)
      tally.add(accounts, outcomes)
      done += accounts.length
      progress.advance('accounts', done, candidates.count)
    }
  }
  try {
    const ended = await Promise.allSettled(
      prepared.readers.map((reader) =>
        lane(reader).catch((error: unknown) => {
          stop.abort(error)
          throw error
        }),
      ),
    )
    for (const one of ended) if (one.status === 'rejected') throw one.reason
  } finally {
    await pages.close()
  }
  return tally
}

/** Accounts whose name is NULL are nobody's: held back, and never in a batch. */
const namelessAccounts = ({ scout, source }: ConvergeOptions['prepared']): Promise<readonly RecordedDecisions[]> =>
  run<RecordedDecisions>(
    scout,
    sql`
      SELECT 'malformed_mxid' AS reason, count(*) AS count
      FROM ${source.relations.users} x
      WHERE name IS NULL
      HAVING count(*) > 0
    `,
  )

const scoped = async (
  { source: { relations, rules } }: ConvergeOptions['prepared'],
  reader: Client,
  ordinal: number,
  accounts: readonly AccountDecision[],
): Promise<ScopedBatch> => {
  const readers = [reader]
  const within = await scopeRelations({ relations, rules, readers, accounts: accounts.map(({ mxid }) => mxid) })
  return {
    ordinal,
    accounts,
    read: () => Promise.reject(new Syn2opError('internal', 'a target with a road by SQL reads rows, not accounts')),
    source: { decisions: decisions(within, rules), readers },
  }
}

/** Pages of one source for several who ask for the next one. */
const oneAtATime = (pages: AsyncGenerator<readonly AccountDecision[]>) => {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    next: (): Promise<readonly AccountDecision[] | undefined> => {
      const next = turn.then(async () => {
        const { value, done } = await pages.next()
        return done === true ? undefined : value
      })
      turn = next.catch(() => {})
      return next
    },
    close: async (): Promise<void> => {
      await turn
      await pages.return(undefined)
    },
  }
}
