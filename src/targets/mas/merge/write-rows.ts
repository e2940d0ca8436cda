import { type RawBuilder, sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { type MergeTable, type Reference, samePrimaryKey, seenHash } from './merge-table.ts'
import { countNewcomers } from './newcomers.ts'
import { countStillNeeded } from './settle-removals.ts'
import type { RowAction } from './settle-rows.ts'
import { ACCOUNT, incoming, planned, type Workspace } from './workspace.ts'

/** Somebody changed a row between our look and our hand, or something at the server keeps our rows out. */
export class RowsMoved extends Error {
  constructor(table: string, expected: number, done: number) {
    super(`the server wrote ${done} of ${expected} rows of ${table}`)
  }
}

export interface WriteRows {
  readonly runNumber: number
  /** Whether rows are kept as they were before an update: not for a final run, which is taken back with its whole copy. */
  readonly keepsImages: boolean
  /** Whether somebody else may write at the same time: not while a copy stands aside. */
  readonly besidePeople: boolean
}

/**
 * Does what is planned, by row locks only: first rows are added (parents first) and updated, then removed (children
 * first), so that a row which moved no longer needs its former parent. Every row that is updated or removed is looked
 * at once more under its lock.
 * @throws RowsMoved; the server's errors.
 */
export const writeRows = async (workspace: Workspace, options: WriteRows): Promise<void> => {
  const counts = await countActions(workspace)
  await lockUsers(workspace)
  await lockRemovals(workspace, counts)
  if (options.besidePeople) await requireNoNewcomers(workspace)
  const removed = workspace.tables.toReversed()
  for (const table of workspace.tables) await expect(workspace, table, counts, 'create', insertion(workspace, table))
  for (const table of workspace.tables) {
    if (counts.get(table.table, 'update') === 0) continue
    if (options.keepsImages) await keepImages(workspace, table, options)
    await expect(workspace, table, counts, 'update', update(workspace, table))
  }
  for (const table of removed) await expect(workspace, table, counts, 'remove', removal(workspace, table))
}

type Counts = { get(table: string, action: RowAction): number }

const countActions = async ({ client, tables }: Workspace): Promise<Counts> => {
  const rows = await run<{ table: string; action: RowAction; count: number }>(
    client,
    sql.join<{ table: string; action: RowAction; count: number }>(
      tables.map(
        (table) =>
          sql`SELECT ${sql.lit(table.table)} AS table, action, count(*) AS count FROM ${planned(table)} GROUP BY action`,
      ),
      sql` UNION ALL `,
    ),
  )
  return {
    get: (table, action) => rows.find((row) => row.table === table && row.action === action)?.count ?? 0,
  }
}

/** Accounts are changed whole: whoever changes one of them through its user waits for us, as we for them. */
const lockUsers = async ({ client, schema, tables }: Workspace): Promise<void> => {
  const touched = tables.map(
    (table) => sql`SELECT owner FROM ${planned(table)} WHERE action IN ('create', 'update', 'remove')`,
  )
  await run(
    client,
    sql`
      SELECT 1
      FROM ${sql.id(schema, 'users')} t
      WHERE t.user_id IN (
        SELECT a.user_id FROM ${ACCOUNT} a WHERE a.owner IN (${sql.join(touched, sql` UNION ALL `)})
      )
      ORDER BY t.user_id
      FOR NO KEY UPDATE OF t
    `,
  )
}

/** Under these locks nobody can begin to refer to a row that goes; who did so since the plan is found. */
const lockRemovals = async (workspace: Workspace, counts: Counts): Promise<void> => {
  const { client, schema, tables } = workspace
  const removing = tables.filter(({ table }) => counts.get(table, 'remove') > 0)
  for (const table of removing) {
    await run(
      client,
      sql`
        SELECT 1
        FROM ${sql.id(schema, table.table)} t
        WHERE (${sql.join(table.primaryKey.map((column) => sql.id('t', column)))}) IN (
          SELECT ${sql.join(table.primaryKey.map((column) => sql.id(column)))} FROM ${planned(table)} WHERE action = 'remove'
        )
        ORDER BY ${sql.join(table.primaryKey.map((column) => sql.id('t', column)))}
        FOR UPDATE OF t
      `,
    )
  }
  if (removing.length === 0) return
  const needed = await countStillNeeded(workspace)
  if (needed > 0) throw new RowsMoved('rows to be removed', needed, 0)
}

const requireNoNewcomers = async (workspace: Workspace): Promise<void> => {
  const came = await countNewcomers(workspace)
  if (came > 0) throw new RowsMoved('rows beside others', came, 0)
}

const expect = async (
  { client }: Workspace,
  { table }: MergeTable,
  counts: Counts,
  action: RowAction,
  statement: RawBuilder<unknown>,
): Promise<void> => {
  const expected = counts.get(table, action)
  if (expected === 0) return
  const [row] = await run<{ done: number }>(
    client,
    sql`WITH done AS (${statement} RETURNING 1) SELECT count(*) AS done FROM done`,
  )
  if (row?.done !== expected) throw new RowsMoved(table, expected, row?.done ?? 0)
}

/** How a column that refers to another row gets its value, from the planned row `p` and its account `a`. */
const REFERENCES: Readonly<Record<Reference, RawBuilder<unknown>>> = {
  'user': sql`a.user_id`,
  'name': sql`a.localpart`,
  'session': sql`p.session_id`,
  'access token': sql`p.access_token_id`,
  'none': sql`NULL`,
}

const valueFor = (table: MergeTable, column: string): RawBuilder<unknown> => {
  if (column === table.id) return sql`p.proposed`
  const reference = table.references[column]
  return reference === undefined ? sql.id('i', column) : REFERENCES[reference]
}

const plannedAndWanted = (table: MergeTable): RawBuilder<unknown> => sql`
  ${planned(table)} p
  JOIN ${incoming(table)} i ON i.key = p.key
  JOIN ${ACCOUNT} a ON a.owner = p.owner`

const insertion = ({ schema }: Workspace, table: MergeTable): RawBuilder<unknown> => {
  const columns = table.shape.columns.map(({ name }) => name)
  return sql`
    INSERT INTO ${sql.id(schema, table.table)} (${sql.join(columns.map((name) => sql.id(name)))})
    SELECT ${sql.join(columns.map((name) => valueFor(table, name)))}
    FROM ${plannedAndWanted(table)}
    WHERE p.action = 'create'
  `
}

const asSeen = (table: MergeTable): RawBuilder<unknown> =>
  sql`${samePrimaryKey(table, 't', 'p')} AND ${seenHash(table)} = p.seen`

const update = ({ schema }: Workspace, table: MergeTable): RawBuilder<unknown> => {
  const fixed = new Set([...table.primaryKey, 'username', 'upgraded_from_id'])
  const columns = table.shape.columns.map(({ name }) => name).filter((name) => !fixed.has(name))
  return sql`
    UPDATE ${sql.id(schema, table.table)} t
    SET ${sql.join(columns.map((name) => sql`${sql.id(name)} = ${valueFor(table, name)}`))}
    FROM ${plannedAndWanted(table)}
    WHERE p.action = 'update' AND ${asSeen(table)}
  `
}

const removal = ({ schema }: Workspace, table: MergeTable): RawBuilder<unknown> => sql`
  DELETE FROM ${sql.id(schema, table.table)} t
  USING ${planned(table)} p
  WHERE p.action = 'remove' AND ${asSeen(table)}
`

/** Of a run that goes on after it was interrupted, as they were before its first attempt. */
const keepImages = async (
  { client, schema }: Workspace,
  table: MergeTable,
  { runNumber }: WriteRows,
): Promise<void> => {
  const image = sql.id(JOURNAL_SCHEMA, 'before_image')
  await run(
    client,
    sql`
      INSERT INTO ${image} (run_number, table_number, owner, key, image)
      SELECT ${runNumber}::integer, ${table.number}::smallint, p.owner, p.key, to_jsonb(t)
      FROM ${planned(table)} p
      JOIN ${sql.id(schema, table.table)} t ON ${samePrimaryKey(table, 't', 'p')}
      WHERE p.action = 'update'
        AND NOT EXISTS (
          SELECT FROM ${image} i
          WHERE i.owner = p.owner AND i.key = p.key AND i.table_number = ${table.number}::smallint
            AND i.run_number = ${runNumber}::integer
        )
    `,
  )
}
