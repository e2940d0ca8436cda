import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import type { RollbackTable } from '../../../report/rollback-document.ts'
import type { Outcome } from '../../changes.ts'
import { lookUpBase, lookUpPresent } from '../merge/look-up-present.ts'
import { ACCOUNT, createWorkspace, planned } from '../merge/workspace.ts'
import { findGoing, type Grip, lockUsers } from './dependents.ts'
import type { RollbackWork } from './rollback-work.ts'
import { enterAccounts } from './scope.ts'
import { isRoot, settleRollback } from './settle-rollback.ts'
import { settleUse, type Use } from './use.ts'

/** What would become of a batch. */
export interface Settled extends Use {
  readonly accounts: number
  readonly tables: readonly RollbackTable[]
}

/**
 * Settles what becomes of the accounts from one ordinal to another, in a transaction that is open: in temporary tables that
 * live as long as it does.
 * @param grip hold: everything that goes, or may be changed by others, is locked.
 */
export const settleBatch = async (
  work: RollbackWork,
  { grip, ...batch }: { readonly from: number; readonly to: number; readonly grip: Grip },
): Promise<Settled> => {
  const { workspace } = work
  await createWorkspace(workspace)
  await enterAccounts(workspace, batch)
  if (grip === 'hold') await lockUsers(workspace)
  await lookUpBase(workspace)
  for (const table of workspace.tables) {
    await lookUpPresent(workspace, table)
    await settleRollback(work, table)
  }
  await findGoing(work, grip)
  const use = await settleUse(work)
  return { accounts: await countAccounts(work), tables: await countRows(work), ...use }
}

/**
 * Accounts of which something is taken back: those that are left since they are in use are not active any more, and of those
 * that were held back nothing was written.
 */
const countAccounts = async ({ workspace: { client, tables } }: RollbackWork): Promise<number> => {
  const concerned = tables.map((table) => sql`SELECT owner FROM ${planned(table)} WHERE action <> 'kept'`)
  const [row] = await run<{ count: number }>(
    client,
    sql`
      SELECT count(*) AS count FROM ${ACCOUNT}
      WHERE is_active AND owner IN (${sql.join(concerned, sql` UNION ALL `)})
    `,
  )
  return row?.count ?? 0
}

/** How each account of a settled batch ends that MAS has: before it is done, while its rows can be looked at. */
export const readOutcomes = async ({ workspace: { client, tables } }: RollbackWork): Promise<readonly Outcome[]> => {
  const [users] = tables
  if (users === undefined) return []
  const rows = await run<{ mxid: string; is_active: boolean; goes: boolean }>(
    client,
    sql`
      SELECT a.mxid, a.is_active, EXISTS (
        SELECT FROM ${planned(users)} p WHERE p.owner = a.owner AND ${isRoot(users, 'p')}
      ) AS goes
      FROM ${ACCOUNT} a
      WHERE a.user_id IS NOT NULL
      ORDER BY a.ordinal
    `,
  )
  return rows.map(({ mxid, is_active: isActive, goes }) =>
    isActive
      ? { mxid, outcome: goes ? 'removed' : 'updated', rows: [] }
      : { mxid, outcome: 'unchanged', message: 'people have used it at MAS since', rows: [] },
  )
}

const countRows = async ({ workspace: { client, tables } }: RollbackWork): Promise<readonly RollbackTable[]> => {
  const counts = tables.map(
    (table) => sql`
      SELECT
        ${sql.lit(table.table)} AS table,
        ${sql.lit(table.shape.relation)} AS relation,
        count(*) FILTER (WHERE action = 'remove') AS remove,
        count(*) FILTER (WHERE action = 'restore') AS restore,
        count(*) FILTER (WHERE action = 'end') AS "endForGood",
        count(*) FILTER (WHERE action = 'stay') AS stay,
        count(*) FILTER (WHERE action IN ('theirs', 'changed')) AS theirs
      FROM ${planned(table)}`,
  )
  return run<RollbackTable>(client, sql.join<RollbackTable>(counts, sql` UNION ALL `))
}
