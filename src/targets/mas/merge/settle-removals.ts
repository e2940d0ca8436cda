import { type RawBuilder, sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { type ForeignKey, foreignKeys } from '../database/foreign-keys.ts'
import { type MergeTable, samePrimaryKey } from './merge-table.ts'
import { ACCOUNT, planned, type Workspace } from './workspace.ts'

/** Those that point at one of the written tables, from whichever table of the database. */
const keysToWritten = async ({ client, tables, schema }: Workspace): Promise<readonly ForeignKey[]> => {
  const written = new Set<string>(tables.map(({ table }) => table))
  return (await foreignKeys(client)).filter(({ parent }) => parent.schema === schema && written.has(parent.table))
}

/**
 * A row that others still refer to when all is done stays, as theirs: its removal would fail, or take along what is
 * not ours. Children first, so that what stays keeps its parents. An account that is no longer wanted is removed whole
 * or not at all.
 */
export const settleRemovals = async (workspace: Workspace): Promise<void> => {
  const removing = await tablesWithRemovals(workspace)
  if (removing.length === 0) return
  const keys = await keysToWritten(workspace)
  for (const table of removing.toReversed()) {
    await run(
      workspace.client,
      sql`UPDATE ${planned(table)} p SET action = 'theirs' WHERE ${stillNeeded(workspace, table, keys)}`,
    )
  }
  await keepWholeAccounts(workspace, removing)
}

/** How many rows planned for removal something refers to by now. */
export const countStillNeeded = async (workspace: Workspace): Promise<number> => {
  const removing = await tablesWithRemovals(workspace)
  if (removing.length === 0) return 0
  const keys = await keysToWritten(workspace)
  const counts = removing.map(
    (table) => sql`(SELECT count(*) FROM ${planned(table)} p WHERE ${stillNeeded(workspace, table, keys)})`,
  )
  const [row] = await run<{ count: number }>(workspace.client, sql`SELECT ${sql.join(counts, sql` + `)} AS count`)
  return row?.count ?? 0
}

const tablesWithRemovals = async ({ client, tables }: Workspace): Promise<readonly MergeTable[]> => {
  const [row] = await run<Record<string, boolean>>(
    client,
    sql`SELECT ${sql.join(
      tables.map(
        (table) => sql`EXISTS (SELECT FROM ${planned(table)} WHERE action = 'remove') AS ${sql.id(table.table)}`,
      ),
    )}`,
  )
  return tables.filter(({ table }) => row?.[table] === true)
}

/**
 * Of a planned row `p`: it would be removed, and a row that stays refers to it. All such rows are found at once, since
 * looking through the plan for each of them takes the square of their number.
 */
const stillNeeded = (workspace: Workspace, table: MergeTable, keys: readonly ForeignKey[]): RawBuilder<unknown> => {
  const keyOf = (alias: string) => sql.join(table.primaryKey.map((column) => sql.id(alias, column)))
  const needed = keys
    .filter(({ parent }) => parent.table === table.table)
    .map((key) => {
      const same = key.columns.map(
        (column, place) => sql`c.${sql.id(column)} = t.${sql.id(key.parentColumns[place] ?? column)}`,
      )
      return sql`
        SELECT ${keyOf('r')}
        FROM ${planned(table)} r
        JOIN ${sql.id(workspace.schema, table.table)} t ON ${samePrimaryKey(table, 't', 'r')}
        JOIN ${sql.id(key.child.schema, key.child.table)} c ON ${sql.join(same, sql` AND `)}
        WHERE r.action = 'remove' AND ${stays(workspace, key)}`
    })
  if (needed.length === 0) return sql`false`
  return sql`p.action = 'remove' AND (${keyOf('p')}) IN (${sql.join(needed, sql` UNION ALL `)})`
}

/** Of a row `c` that refers to another: it is neither removed nor made to refer to what stays. */
const stays = (workspace: Workspace, key: ForeignKey): RawBuilder<unknown> => {
  const child = workspace.tables.find(({ table }) => table === key.child.table && key.child.schema === workspace.schema)
  if (child === undefined) return sql`true`
  return sql`NOT EXISTS (
    SELECT FROM ${planned(child)} d WHERE ${samePrimaryKey(child, 'd', 'c')} AND d.action IN ('remove', 'update')
  )`
}

const keepWholeAccounts = async ({ client, tables }: Workspace, removing: readonly MergeTable[]): Promise<void> => {
  const [users] = tables
  if (users === undefined) return
  for (const table of removing) {
    await run(
      client,
      sql`
        UPDATE ${planned(table)} p
        SET action = 'theirs'
        FROM ${ACCOUNT} a
        WHERE a.owner = p.owner
          AND NOT a.is_wanted
          AND p.action = 'remove'
          AND EXISTS (SELECT FROM ${planned(users)} u WHERE u.owner = p.owner AND u.action <> 'remove')
      `,
    )
  }
}
