import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { type AccountChange, OUTCOME_OF, type Outcome } from '../../changes.ts'
import type { BatchSoFar, Patience, RunIdentity, Stoppable } from '../../target.ts'
import { stoppable } from '../load/stoppable.ts'
import type { MasDatabase } from '../mas-database.ts'
import type { MasChanges } from './changes.ts'
import { deriveOtherwise } from './derive-otherwise.ts'
import { isAboutRows, isIdentifierClash, isLockedOut, mergeFailure, passes, refusal } from './merge-errors.ts'
import { planAccounts } from './plan-accounts.ts'
import { conflictMessage } from './read-changes.ts'
import type { Workspace } from './workspace.ts'
import { markRejected, type OpenRun, openRun, writeAccounts, writeBase, writeLeft } from './write-journal.ts'
import { writeRows } from './write-rows.ts'

/** How often a plan is made anew because somebody else wrote meanwhile, before single accounts are blamed. */
const TRIES = 3

/**
 * Milliseconds to wait for a lock that a session of MAS has: long enough for whatever MAS does, and briefly once somebody
 * keeps one. Meanwhile MAS may wait for ours.
 */
const LONG_WAIT = 10_000
const SHORT_WAIT = 500

/** More are no accounts of a few people, but a table that somebody keeps: the run ends, and can be resumed. */
const LOCK_WAITS = 60

/**
 * Does what was planned for a batch, with its entries in the journal, in the transaction that planned it. Where
 * something at MAS has changed since, it is planned anew; where the server refuses rows, the accounts that bring them
 * are found and rejected, and the others written, until there are enough of them: then the rest is not attempted.
 * @returns what is committed.
 * @throws Syn2opError database.failed, database.not-allowed or run.interrupted: then nothing of the batch is written.
 */
export const applyChanges = async (
  database: MasDatabase,
  changes: MasChanges,
  { runId, signal, enough = () => false }: RunIdentity & Stoppable & Patience,
): Promise<readonly Outcome[]> => {
  const { client } = changes.workspace
  try {
    return await stoppable(client, signal, async () => {
      signal.throwIfAborted()
      const open = await openRun(changes.workspace, runId)
      await waitForLocks(changes.workspace, LONG_WAIT)
      const outcomes = await applyAll({
        database,
        changes,
        open,
        signal,
        waits: { left: LOCK_WAITS },
        soFar: { attempted: 0, rejected: 0 },
        enough,
      })
      await markRejected(
        changes.workspace,
        outcomes.flatMap(({ mxid, outcome }) => (outcome === 'rejected' ? [mxid] : [])),
      )
      await changes.end('COMMIT')
      return outcomes
    })
  } catch (error) {
    await changes.end('ROLLBACK')
    throw mergeFailure('Writing a batch into MAS', client, error, signal)
  }
}

const waitForLocks = async ({ client }: Workspace, milliseconds: number): Promise<void> => {
  await run(client, sql`SELECT set_config('lock_timeout', ${String(milliseconds)}, true)`)
}

interface Work extends Stoppable {
  readonly database: MasDatabase
  readonly changes: MasChanges
  readonly open: OpenRun
  /** How often a lock may still be waited for in vain. */
  readonly waits: { left: number }
  /** Of the accounts of the batch. */
  readonly soFar: { attempted: number; rejected: number }
  readonly enough: (soFar: BatchSoFar) => boolean
}

const applyAll = async (work: Work): Promise<readonly Outcome[]> => {
  const { accounts } = work.changes
  const asPlanned = await attempt(work, async () => accounts)
  if ('done' in asPlanned) return asPlanned.done.map(outcomeOf)
  return applyAnew(work, [...accounts.keys()], asPlanned.error)
}

type Attempt = { readonly done: readonly AccountChange[] } | { readonly error: unknown }

/** Writes what a plan says; after a failure that rows may be the cause of, all is as before. */
const attempt = async (
  { changes: { workspace }, open, waits }: Work,
  plan: () => Promise<readonly AccountChange[]>,
): Promise<Attempt> => {
  const { client } = workspace
  await run(client, sql`SAVEPOINT merge_attempt`)
  try {
    const done = await plan()
    await writeRows(workspace, {
      runNumber: open.runNumber,
      keepsImages: open.kind !== 'final',
      besidePeople: open.kind === 'merge',
    })
    await writeBase(workspace, open)
    await writeLeft(workspace)
    await writeAccounts(workspace)
    await run(client, sql`RELEASE SAVEPOINT merge_attempt`)
    return { done }
  } catch (error) {
    if (!isAboutRows(error)) throw error
    if (isLockedOut(error) && waits.left-- === 0) throw error
    await run(client, sql`ROLLBACK TO SAVEPOINT merge_attempt; RELEASE SAVEPOINT merge_attempt`)
    if (isLockedOut(error)) await waitForLocks(workspace, SHORT_WAIT)
    return { error }
  }
}

/** Plans accounts of the batch anew and writes them: all together, else by halves down to the one that is refused. */
const applyAnew = async (work: Work, only: readonly number[], cause: unknown): Promise<readonly Outcome[]> => {
  const { database, changes, signal } = work
  let error = cause
  for (let tries = 1; tries < TRIES && passes(error); tries++) {
    signal.throwIfAborted()
    if (isIdentifierClash(error, identifierKeys(work))) await deriveOtherwise(changes.workspace, database.seedKey)
    const again = await attempt(work, () =>
      planAccounts(changes.workspace, { accounts: changes.of.accounts, only, rules: database.conflicts }),
    )
    if ('done' in again) {
      work.soFar.attempted += only.length
      return again.done.map(outcomeOf)
    }
    error = again.error
  }
  const [first] = only
  if (first === undefined) return []
  if (only.length === 1) {
    work.soFar.attempted++
    work.soFar.rejected++
    return [rejected(changes.of.accounts[first]?.mxid ?? '', error)]
  }
  const middle = Math.ceil(only.length / 2)
  return [...(await applyHalf(work, only.slice(0, middle))), ...(await applyHalf(work, only.slice(middle)))]
}

const applyHalf = async (work: Work, only: readonly number[]): Promise<readonly Outcome[]> => {
  const { database, changes, soFar, enough } = work
  if (enough({ ...soFar })) return only.map((place) => notAttempted(changes.of.accounts[place]?.mxid ?? ''))
  const half = await attempt(work, () =>
    planAccounts(changes.workspace, { accounts: changes.of.accounts, only, rules: database.conflicts }),
  )
  if (!('done' in half)) return applyAnew(work, only, half.error)
  soFar.attempted += only.length
  return half.done.map(outcomeOf)
}

/** The primary keys that hold identifiers of ours. */
const identifierKeys = ({ changes }: Work): readonly string[] =>
  changes.workspace.tables.flatMap(({ id, table }) => (id === undefined ? [] : [`${table}_pkey`]))

const outcomeOf = (change: AccountChange): Outcome => {
  const message = conflictMessage(change)
  return {
    mxid: change.mxid,
    outcome: OUTCOME_OF[change.change],
    ...(change.reason === undefined ? {} : { reason: change.reason }),
    ...(message === undefined ? {} : { message }),
    rows: change.rows,
  }
}

const notAttempted = (mxid: string): Outcome => ({ mxid, outcome: 'not attempted', rows: [] })

const rejected = (mxid: string, error: unknown): Outcome => ({
  mxid,
  outcome: 'rejected',
  message: refusal(error),
  rows: [],
})
