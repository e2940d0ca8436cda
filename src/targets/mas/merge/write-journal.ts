import { type RawBuilder, sql } from 'kysely'
import { ownerHash } from '../../../difference/owner.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA, type RunKind } from '../load/journal.ts'
import { ACCOUNT, BASE, planned, present, type Workspace } from './workspace.ts'

export interface OpenRun {
  readonly runNumber: number
  readonly kind: RunKind
}

/** @throws Syn2opError internal where the run was not entered. */
export const openRun = async ({ client, hasJournal }: Workspace, runId: string): Promise<OpenRun> => {
  const [found] = hasJournal
    ? await run<OpenRun>(
        client,
        sql`
          SELECT run_number AS "runNumber", kind
          FROM ${sql.id(JOURNAL_SCHEMA, 'run')}
          WHERE run_id = ${runId} AND state = 'open'
        `,
      )
    : []
  if (found === undefined) throw new Syn2opError('internal', `The run ${runId} is not open in the journal of MAS`)
  return found
}

/** Records, with the rows themselves, what each row of ours was last written as. */
export const writeBase = async ({ client, tables }: Workspace, { runNumber }: OpenRun): Promise<void> => {
  const rows = tables.map(
    (table) => sql`
      SELECT ${sql.lit(table.number)}::smallint AS table_number, action, owner, key, digest, base_owner, base_digest, base_run
      FROM ${planned(table)}`,
  )
  const settled: RawBuilder<unknown> = sql`(${sql.join(rows, sql` UNION ALL `)})`
  const rewritten = sql`(s.action = 'update' OR (s.action = 'unchanged' AND s.base_digest <> s.digest))`
  const written = sql.id(JOURNAL_SCHEMA, 'written_row')
  await run(
    client,
    sql`
      DELETE FROM ${written} w
      USING ${settled} s
      WHERE w.owner = s.base_owner
        AND w.table_number = s.table_number
        AND w.key = s.key
        AND (${rewritten} OR s.action IN ('remove', 'forget'))
    `,
  )
  await run(
    client,
    sql`
      INSERT INTO ${written} (table_number, owner, key, digest, run_number)
      SELECT s.table_number, s.owner, s.key, s.digest, coalesce(s.base_run, ${runNumber}::integer)
      FROM ${settled} s
      WHERE ${rewritten} OR s.action = 'create'
    `,
  )
}

/**
 * Records what stays apart from the source for the sake of MAS's people, though no row shows it: rows that are wanted and
 * left unwritten, and rows of ours that are kept as they are though the source has them otherwise, or no more. They are
 * settled anew by every run.
 */
export const writeLeft = async ({ client, tables }: Workspace): Promise<void> => {
  const left = sql.id(JOURNAL_SCHEMA, 'left_row')
  await run(client, sql`DELETE FROM ${left} l USING ${ACCOUNT} a WHERE l.owner = a.owner AND a.is_active`)
  const rows = tables.map(
    (table) => sql`
      SELECT ${sql.lit(table.number)}::smallint, owner, key, CASE WHEN is_wanted AND NOT is_there THEN digest END
      FROM ${planned(table)} s
      WHERE action IN ('theirs', 'foreign')
        AND CASE
          WHEN NOT is_wanted THEN base_digest = digest
          WHEN NOT is_there THEN base_digest IS NULL
          ELSE EXISTS (SELECT FROM ${present(table)} p WHERE p.key = s.key AND p.digest = s.base_digest)
        END`,
  )
  await run(client, sql`INSERT INTO ${left} (table_number, owner, key, digest) ${sql.join(rows, sql` UNION ALL `)}`)
}

/**
 * Has the next run look at them again: what brought them up, such as a token that has expired since, may not show in what is on
 * record of them. Who is not on record is looked at anyway.
 */
export const markRejected = async ({ client }: Workspace, mxids: readonly string[]): Promise<void> => {
  if (mxids.length === 0) return
  const owners = sql`SELECT ${ownerHash(sql`mxid`)} FROM unnest(${mxids}::text[]) mxid`
  await run(client, sql`UPDATE ${sql.id(JOURNAL_SCHEMA, 'account')} SET always = true WHERE owner IN (${owners})`)
}

/**
 * Puts the active accounts on record as they were seen in the source by this run. One that is held back by a conflict, or
 * of which rows were left, is decided anew by every run: what is in the way may have gone.
 */
export const writeAccounts = async ({ client }: Workspace): Promise<void> => {
  const seen = sql.id(JOURNAL_SCHEMA, 'seen_account')
  const account = sql.id(JOURNAL_SCHEMA, 'account')
  const [table] = await run<{ exists: boolean }>(
    client,
    sql`SELECT to_regclass(${`${JOURNAL_SCHEMA}.seen_account`}) IS NOT NULL AS exists`,
  )
  const isSeen = table?.exists === true ? sql`EXISTS (SELECT FROM ${seen} s WHERE s.owner = a.owner)` : sql`false`
  await run(
    client,
    sql`
      DELETE FROM ${account} r
      USING ${ACCOUNT} a
      WHERE r.owner = a.owner AND a.is_active AND (a.is_gone OR ${isSeen})
    `,
  )
  if (table?.exists !== true) return
  // `held` says that nothing of the account was written, which an earlier run may have done.
  const conflict = sql`CASE WHEN NOT EXISTS (SELECT FROM ${BASE} b WHERE b.owner = a.owner) THEN a.conflict END`
  const hasLeft = sql`EXISTS (SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'left_row')} l WHERE l.owner = a.owner)`
  await run(
    client,
    sql`
      INSERT INTO ${account} (owner, print, rows, always, held, conflict)
      SELECT s.owner, s.print, s.rows, s.always OR a.conflict IS NOT NULL OR ${hasLeft}, coalesce(${conflict}, s.held), a.conflict
      FROM ${ACCOUNT} a
      JOIN ${seen} s ON s.owner = a.owner
      WHERE a.is_active AND NOT a.is_gone AND s.print IS NOT NULL
    `,
  )
}
