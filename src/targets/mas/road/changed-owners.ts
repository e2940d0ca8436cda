import { type RawBuilder, sql } from 'kysely'
import pg, { type Client } from 'pg'
import { ownerHash } from '../../../difference/owner.ts'
import { databaseFailure } from '../../../postgres/server-error.ts'
import { run } from '../../../postgres/statement.ts'
import type { AccountPrints, ChangedOwners, RecordedDecisions } from '../../sql-road.ts'
import type { Stoppable } from '../../target.ts'
import { withConnections } from '../connections.ts'
import { createJournal, JOURNAL_SCHEMA, type RunRecord, readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { mxidOf } from '../rows/context.ts'
import { cohortFilter, isWaiting } from './cohort-tables.ts'
import { decidingRuns } from './history.ts'
import { standsAside } from './location.ts'
import { indexRecord } from './record-copy.ts'
import { indexForRemovals } from './removal-index.ts'
import { ACCOUNT, SEEN_ACCOUNT, withSeenAccounts } from './seen-accounts.ts'

interface ChangedOptions extends Stoppable {
  readonly cohort?: string
  readonly writtenBy?: string
}

/**
 * Which accounts of the source, or of one cohort of it, are not as they were when they were last decided and written: new
 * ones, those whose print is another, those that depend on more than their print now or did then, and those of which
 * something has expired between the as-of times. Leaves them, as they are seen now, in `seen_account`, until `forgetChanged`
 * or the end of the run.
 * @throws Syn2opError database.failed, database.not-allowed, verify.not-comparable
 */
export const changedOwners = async (
  database: MasDatabase,
  prints: AccountPrints,
  options: ChangedOptions,
): Promise<ChangedOwners> => {
  try {
    return await findChanged(database, prints, options)
  } catch (error) {
    if (options.signal.aborted || !(error instanceof pg.DatabaseError)) throw error
    throw databaseFailure('Finding what has changed', database.control, error)
  }
}

const findChanged = async (
  database: MasDatabase,
  prints: AccountPrints,
  { cohort, writtenBy, signal }: ChangedOptions,
): Promise<ChangedOwners> => {
  const { control } = database
  await createJournal(control)
  await indexRecord(control)
  if (await standsAside(control)) await indexForRemovals(control)
  const runs = await readRuns(control)
  const earlier = decidingRuns(runs).map(({ asOf }) => asOf)
  const isAgain = wasWrittenBy(runs.find(({ runId }) => runId === writtenBy))
  const isLookedAt = await cohortFilter(control, cohort)
  const { passwordVersion } = database.rows(prints.held, 'fast')
  const more = { name: 'syn2op prints', access: 'read-write', count: prints.readers.length - 1 } as const
  await withConnections(database, more, (others) => {
    const clients = [control, ...others] as const
    return withSeenAccounts({ prints, clients, passwordVersion, earlier, signal }, async (seen) => {
      await run(control, sql`DROP TABLE IF EXISTS ${SEEN_ACCOUNT}`)
      await run(
        control,
        sql`
        CREATE UNLOGGED TABLE ${SEEN_ACCOUNT} AS
        SELECT
          coalesce(s.owner, a.owner) AS owner, s.print, s.rows, s.always, s.held,
          s.owner IS NULL AS is_gone, a.owner IS NOT NULL AS is_recorded,
          s.owner IS NULL OR a.owner IS NULL OR s.print <> a.print OR s.rows <> a.rows OR s.due AS differs
        FROM (SELECT * FROM (${seen}) everybody WHERE ${isLookedAt(sql`everybody.owner`)}) s
        FULL JOIN (SELECT * FROM ${ACCOUNT} everybody WHERE ${isLookedAt(sql`everybody.owner`)}) a ON a.owner = s.owner
        WHERE s.owner IS NULL OR a.owner IS NULL
          OR s.print <> a.print OR s.rows <> a.rows OR s.always OR a.always OR s.due
          OR ${isAgain(sql`a.owner`)}
      `,
      )
      await run(control, sql`ALTER TABLE ${SEEN_ACCOUNT} ADD PRIMARY KEY (owner)`)
    })
  })
  await run(control, sql`ANALYZE ${SEEN_ACCOUNT}`)
  const owners = await run<{ owner: string; differs: boolean }>(
    control,
    sql`SELECT owner::text AS owner, differs FROM ${SEEN_ACCOUNT} WHERE NOT is_gone`,
  )
  const [counted] = await run<{ unchanged: number; waiting: number }>(
    control,
    sql`
      SELECT
        (SELECT count(*) FROM ${ACCOUNT} a WHERE ${isLookedAt(sql`a.owner`)})
          - (SELECT count(*) FROM ${SEEN_ACCOUNT} WHERE is_recorded) AS unchanged,
        (SELECT count(*) FROM ${SEEN_ACCOUNT} s WHERE NOT s.is_recorded AND ${isWaiting(sql`s.owner`)}) AS waiting
    `,
  )
  const gone = await goneAccounts(database)
  return {
    owners: owners.map(({ owner }) => owner),
    gone,
    unchanged: counted?.unchanged ?? 0,
    always: owners.flatMap(({ owner, differs }) => (differs ? [] : [owner])),
    waiting: counted?.waiting ?? 0,
  }
}

const wasWrittenBy =
  (found: RunRecord | undefined) =>
  (owner: RawBuilder<unknown>): RawBuilder<boolean> => {
    if (found === undefined) return sql`false`
    const rows = ['written_row', 'before_image'].map(
      (table) => sql`SELECT owner FROM ${sql.id(JOURNAL_SCHEMA, table)} WHERE run_number = ${found.runNumber}::integer`,
    )
    return sql`${owner} IN (${sql.join(rows, sql` UNION ALL `)})`
  }

const GONE = sql<{ owner: string; held: string | null }>`
  SELECT a.owner::text AS owner, a.held
  FROM ${SEEN_ACCOUNT} s
  JOIN ${ACCOUNT} a ON a.owner = s.owner
  WHERE s.is_gone
`

/**
 * By their names in MAS, for the source has forgotten them. Those of which MAS has nothing (they were held back, or
 * somebody has removed them) are taken off the record.
 */
const goneAccounts = async (database: MasDatabase): Promise<readonly string[]> => {
  const gone = await run(database.control, GONE)
  const written = gone.flatMap(({ owner, held }) => (held === null ? [owner] : []))
  const known = written.length === 0 ? [] : await namesInMas(database, written)
  const names = new Map(known.map(({ owner, mxid }) => [owner, mxid]))
  await forget(
    database.control,
    gone.flatMap(({ owner }) => (names.has(owner) ? [] : [owner])),
  )
  return [...names.values()].toSorted()
}

const namesInMas = async (
  database: MasDatabase,
  owners: readonly string[],
): Promise<readonly { readonly owner: string; readonly mxid: string }[]> => {
  const mxid = mxidOf(database.rows(sql`SELECT`, 'fast'))
  const owner = ownerHash(mxid)
  return run<{ owner: string; mxid: string }>(
    database.control,
    sql`
      SELECT (${owner})::text AS owner, ${mxid} AS mxid
      FROM ${sql.id(await database.schema(), 'users')} u
      WHERE ${owner} IN (SELECT unnest(${owners}::bigint[]))
    `,
  )
}

const forget = async (client: Client, owners: readonly string[]): Promise<void> => {
  if (owners.length === 0) return
  for (const table of ['written_row', 'account']) {
    await run(
      client,
      sql`DELETE FROM ${sql.id(JOURNAL_SCHEMA, table)} WHERE owner IN (SELECT unnest(${owners}::bigint[]))`,
    )
  }
}

/** What cannot be dropped, since the connection is gone, the next call drops. */
export const forgetChanged = async ({ control }: MasDatabase): Promise<void> => {
  await run(control, sql`DROP TABLE IF EXISTS ${SEEN_ACCOUNT}`).catch(() => {})
}

/** Of the accounts, or those of a cohort, that the last call of `changedOwners` found unchanged. */
export const recordedDecisions = async (
  { control }: MasDatabase,
  { cohort }: { readonly cohort?: string } = {},
): Promise<readonly RecordedDecisions[]> => {
  const isLookedAt = await cohortFilter(control, cohort)
  return run<RecordedDecisions>(
    control,
    sql`
      SELECT a.held AS reason, count(*) AS count
      FROM ${ACCOUNT} a
      WHERE NOT EXISTS (SELECT FROM ${SEEN_ACCOUNT} s WHERE s.owner = a.owner) AND ${isLookedAt(sql`a.owner`)}
      GROUP BY a.held
      ORDER BY a.held NULLS FIRST
    `,
  )
}
