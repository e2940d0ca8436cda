import { type RawBuilder, sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { type MergeTable, samePrimaryKey, seenHash } from '../merge/merge-table.ts'
import { ACCOUNT, planned, type Workspace } from '../merge/workspace.ts'
import { RowsMoved } from '../merge/write-rows.ts'
import type { ReferringTable } from './references.ts'
import { going, type RollbackWork } from './rollback-work.ts'
import { isRoot } from './settle-rollback.ts'

/** look: no lock is taken. hold: every row that goes is locked, so that nobody can refer to it any more. */
export type Grip = 'look' | 'hold'

const locking = (grip: Grip, alias: string): RawBuilder<unknown> =>
  grip === 'hold' ? sql`FOR UPDATE OF ${sql.id(alias)}` : sql``

/** Whoever changes an account through its user waits for us, as we for them. */
export const lockUsers = async ({ client, schema }: Workspace): Promise<void> => {
  await run(
    client,
    sql`
      SELECT 1
      FROM ${sql.id(schema, 'users')} t
      WHERE t.user_id IN (SELECT a.user_id FROM ${ACCOUNT} a)
      ORDER BY t.user_id
      FOR UPDATE OF t
    `,
  )
}

/**
 * Finds every row that goes: those that were created by what is taken back, and all that refer to them by a foreign key
 * of MAS's schema, over any number of tables.
 * @throws RowsMoved where somebody changed one of ours since it was looked at.
 */
export const findGoing = async (work: RollbackWork, grip: Grip): Promise<void> => {
  const { client } = work.workspace
  for (const position of work.tables.keys()) {
    await run(
      client,
      sql`
        CREATE TEMPORARY TABLE ${sql.id(`rollback_going_${position}`)} (
          row tid, owner bigint, is_root boolean, PRIMARY KEY (row, owner)
        ) ON COMMIT DROP
      `,
    )
  }
  for (const [position, table] of work.tables.entries()) {
    const written = mergeTable(work, table)
    if (written !== undefined) await takeRoots(work, { position, table: written, grip })
  }
  await takeAllDependents(work, grip)
  await absorbOurs(work)
}

const takeAllDependents = async (work: RollbackWork, grip: Grip): Promise<void> => {
  const isCircle = work.tables.some(({ references }, position) => references.some(({ parent }) => parent > position))
  for (let found = -1; found !== 0; ) {
    found = 0
    for (const position of work.tables.keys()) found += await takeDependents(work, { position, grip })
    if (!isCircle) return
  }
}

/**
 * A row of ours that would return to what it was, end or stay, and refers to one that goes, goes with it: as one that we wrote,
 * or, where somebody has changed it at MAS, as theirs.
 */
const absorbOurs = async (work: RollbackWork): Promise<void> => {
  const { client, schema } = work.workspace
  for (const [position, one] of work.tables.entries()) {
    const table = mergeTable(work, one)
    if (table === undefined || !(await hasDependents(client, position))) continue
    const isSame = sql`t.ctid = g.row AND ${samePrimaryKey(table, 't', 'p')} AND ${seenHash(table)} = p.seen`
    await run(
      client,
      sql`
        UPDATE ${planned(table)} p
        SET action = CASE WHEN p.digest = p.base_digest THEN 'remove' ELSE 'theirs' END
        FROM ${going(position)} g, ${sql.id(schema, table.table)} t
        WHERE NOT g.is_root AND ${isSame} AND p.action IN ('end', 'stay', 'changed', 'kept')
      `,
    )
    await run(
      client,
      sql`
        UPDATE ${going(position)} g
        SET is_root = true
        FROM ${planned(table)} p, ${sql.id(schema, table.table)} t
        WHERE NOT g.is_root AND ${isSame} AND p.action IN ('remove', 'theirs')
      `,
    )
  }
}

const hasDependents = async (client: Workspace['client'], position: number): Promise<boolean> => {
  const [row] = await run<{ found: boolean }>(
    client,
    sql`SELECT EXISTS (SELECT FROM ${going(position)} WHERE NOT is_root) AS found`,
  )
  return row?.found === true
}

/** What merging knows of a table; undefined: it is not one that we write. */
export const mergeTable = (
  { workspace: { tables, schema } }: Pick<RollbackWork, 'workspace'>,
  table: Pick<ReferringTable, 'schema' | 'table'>,
): MergeTable | undefined => tables.find((one) => one.table === table.table && table.schema === schema)

const takeRoots = async (
  { workspace: { client, schema } }: RollbackWork,
  { position, table, grip }: { readonly position: number; readonly table: MergeTable; readonly grip: Grip },
): Promise<void> => {
  const [row] = await run<{ expected: number; taken: number }>(
    client,
    sql`
      WITH
        locked AS (
          SELECT t.ctid AS row, p.owner
          FROM ${planned(table)} p
          JOIN ${sql.id(schema, table.table)} t ON ${samePrimaryKey(table, 't', 'p')} AND ${seenHash(table)} = p.seen
          WHERE ${isRoot(table, 'p')}
          ${locking(grip, 't')}
        ),
        taken AS (INSERT INTO ${going(position)} SELECT row, owner, true FROM locked RETURNING 1)
      SELECT
        (SELECT count(*) FROM ${planned(table)} p WHERE ${isRoot(table, 'p')}) AS expected,
        (SELECT count(*) FROM taken) AS taken
    `,
  )
  const { expected = 0, taken = 0 } = row ?? {}
  if (expected !== taken && grip === 'hold') throw new RowsMoved(table.table, expected, taken)
  if (taken > 0) await run(client, sql`ANALYZE ${going(position)}`)
}

const takeDependents = async (
  work: RollbackWork,
  { position, grip }: { readonly position: number; readonly grip: Grip },
): Promise<number> => {
  const { client } = work.workspace
  let found = 0
  for (const reference of work.tables[position]?.references ?? []) {
    const statement = dependents(work, { position, ...reference, grip })
    // A table may refer to itself, over any number of rows.
    for (let more = -1; more !== 0; ) {
      const [row] = await run<{ count: number }>(client, statement)
      found += row?.count ?? 0
      more = reference.parent === position ? (row?.count ?? 0) : 0
    }
  }
  if (found > 0) await run(client, sql`ANALYZE ${going(position)}`)
  return found
}

const dependents = (
  work: RollbackWork,
  {
    position,
    parent,
    columns,
    parentColumns,
    grip,
  }: ReferringTable['references'][number] & { readonly position: number; readonly grip: Grip },
): RawBuilder<{ count: number }> => {
  const [child, above] = [work.tables[position], work.tables[parent]]
  if (child === undefined || above === undefined) throw new RangeError(`no table ${position}`)
  const written = mergeTable(work, child)
  const same = columns.map(
    (column, place) => sql`${sql.id('c', column)} = ${sql.id('t', parentColumns[place] ?? column)}`,
  )
  // What returns to its former state no longer refers to what goes.
  const returns =
    written === undefined
      ? sql`false`
      : sql`EXISTS (SELECT FROM ${planned(written)} r WHERE r.action = 'restore' AND ${samePrimaryKey(written, 'r', 'c')})`
  return sql`
    WITH
      found AS (
        SELECT c.ctid AS row, g.owner
        FROM ${going(parent)} g
        JOIN ${sql.id(above.schema, above.table)} t ON t.ctid = g.row
        JOIN ${sql.id(child.schema, child.table)} c ON ${sql.join(same, sql` AND `)}
        WHERE NOT (${returns})
        ${locking(grip, 'c')}
      ),
      taken AS (
        INSERT INTO ${going(position)}
        SELECT row, owner, false FROM found
        ON CONFLICT DO NOTHING
        RETURNING 1
      )
    SELECT count(*) AS count FROM taken
  `
}
