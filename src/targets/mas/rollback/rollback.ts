import { sql } from 'kysely'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { run } from '../../../postgres/statement.ts'
import type { Outcome } from '../../changes.ts'
import type { RollbackPlan, RollbackScope, RollbackSource } from '../../road-rollback.ts'
import type { SqlRoad } from '../../sql-road.ts'
import type { MasDatabase } from '../mas-database.ts'
import { isLockedOut, passes } from '../merge/merge-errors.ts'
import { standsAside } from '../road/location.ts'
import { readOutcomes, type Settled, settleBatch } from './batches.ts'
import { coveredBy } from './covered.ts'
import { backToEmpty, coversAll, emptyPlan, holdsOnlyOurs } from './empty.ts'
import { endRollback } from './end-rollback.ts'
import { withHelpingIndexes } from './helping-indexes.ts'
import { referringTables } from './references.ts'
import type { RollbackWork } from './rollback-work.ts'
import { takeBack } from './take-back.ts'
import { addSettled, nothingOf } from './total.ts'
import { withWork } from './with-work.ts'

/** Accounts whose rows go in one transaction, and that are looked at together, which keeps nobody waiting. */
const BATCH = 2000
const LOOKED_AT = 10_000

/** How often a batch is settled anew because somebody wrote meanwhile. */
const TRIES = 3

/** Milliseconds to wait for a lock that a session of MAS has. */
const PATIENCE = 10_000

/**
 * What taking back a run or a cohort would do. Writes nothing but temporary tables, and takes no lock.
 * @throws Syn2opError run.missing, run.not-possible, database.failed or run.interrupted.
 */
export const planRollback = async (
  database: MasDatabase,
  scope: RollbackScope,
  source: RollbackSource,
): Promise<RollbackPlan> => {
  const covered = await coveredBy(database, scope)
  return withWork(database, { covered, source, doing: 'Looking at what a rollback would do' }, async (work, count) => {
    if (await goesEmpty(work)) return emptyPlan(work)
    return eachBatch(work, { count, size: LOOKED_AT }, async (batch) => {
      source.signal.throwIfAborted()
      await run(work.workspace.client, sql`BEGIN ISOLATION LEVEL READ COMMITTED`)
      try {
        return await settleBatch(work, { ...batch, grip: 'look' })
      } finally {
        await run(work.workspace.client, sql`ROLLBACK`)
      }
    })
  })
}

/**
 * Takes a run or a cohort back: MAS goes back to empty in one transaction, or accounts are taken back in batches, each in
 * a transaction with its entries in the journal. What is committed stands, and the same call does the rest.
 * @returns what was done.
 * @throws Syn2opError as planRollback does.
 */
export const rollback = async (
  database: MasDatabase,
  scope: RollbackScope,
  source: Parameters<NonNullable<SqlRoad['rollback']>>[1],
): Promise<RollbackPlan> => {
  const { progress, signal, stopSoon, batchDone } = source
  const covered = await coveredBy(database, scope)
  return withWork(database, { covered, source, doing: 'Taking back what was written' }, async (work, count) => {
    if (await goesEmpty(work)) {
      const plan = await emptyPlan(work)
      progress.phase('empty')
      if (await emptied(database, work)) return plan
    }
    progress.phase('accounts')
    const take = async (batch: BatchRange): Promise<Settled> => {
      signal.throwIfAborted()
      if (stopSoon?.aborted === true) throw stoppedSoon()
      const { settled, outcomes } = await tryBatch(work, batch)
      await batchDone?.({ ordinal: Math.floor(batch.from / BATCH) }, outcomes)
      progress.advance('accounts', Math.min(batch.to, count), count)
      return settled
    }
    const { client } = work.workspace
    const done = await withHelpingIndexes(client, work.tables, () => eachBatch(work, { count, size: BATCH }, take))
    await endRollback(database, covered)
    return done
  })
}

interface BatchRange {
  readonly from: number
  readonly to: number
}

const eachBatch = async (
  { covered }: RollbackWork,
  { count, size }: { readonly count: number; readonly size: number },
  settle: (batch: BatchRange) => Promise<Settled>,
): Promise<RollbackPlan> => {
  let total = nothingOf(covered.runs.map(({ runId }) => runId))
  for (let from = 1; from <= count; from += size) {
    total = addSettled(total, await settle({ from, to: from + size - 1 }))
  }
  return total
}

interface Done {
  readonly settled: Settled
  readonly outcomes: readonly Outcome[]
}

const tryBatch = async (work: RollbackWork, batch: BatchRange): Promise<Done> => {
  const { client } = work.workspace
  for (let tries = 1; ; tries++) {
    await run(client, sql`BEGIN ISOLATION LEVEL READ COMMITTED`)
    try {
      await run(client, sql`SELECT set_config('lock_timeout', ${String(PATIENCE)}, true)`)
      const settled = await settleBatch(work, { ...batch, grip: 'hold' })
      const outcomes = await readOutcomes(work)
      await takeBack(work)
      await run(client, sql`COMMIT`)
      return { settled, outcomes }
    } catch (error) {
      await run(client, sql`ROLLBACK`).catch(() => {})
      if (tries === TRIES || !(passes(error) || isLockedOut(error))) throw error
    }
  }
}

const stoppedSoon = (): Syn2opError =>
  new Syn2opError('run.interrupted', 'Stopped, as asked: the accounts that are taken back stay so', {
    next: ['To take back the others, run the same command again.'],
  })

/** Whether MAS can go back to empty: a copy that nobody could use, or tables in which nobody has done anything. */
const goesEmpty = async ({ workspace, covered, tables: referring }: RollbackWork): Promise<boolean> => {
  const { client, schema, tables } = workspace
  if (!(await coversAll(client, covered))) return false
  return (await standsAside(client)) || holdsOnlyOurs(client, { schema, tables, referring })
}

/** The same once nobody can write any longer, and done. */
const emptied = async (database: MasDatabase, { workspace: { tables }, covered }: RollbackWork): Promise<boolean> => {
  const { control } = database
  const isAside = await standsAside(control)
  return backToEmpty(database, async (schema) => {
    if (!(await coversAll(control, covered))) return false
    if (isAside) return true
    const names = tables.map(({ table }) => table)
    return holdsOnlyOurs(control, { schema, tables, referring: await referringTables(control, schema, names) })
  })
}
