import { type RawBuilder, sql } from 'kysely'
import { keyHash } from '../../../difference/bucket-hash.ts'
import { run } from '../../../postgres/statement.ts'
import { ownCandidates } from './look-up-present.ts'
import { type MergeTable, samePrimaryKey } from './merge-table.ts'
import { namesakes } from './settle-accounts.ts'
import { foreignEmails } from './settle-emails.ts'
import { planned, present, type Workspace } from './workspace.ts'

/**
 * How many rows have come since the plan that no constraint of MAS keeps apart from those that we are about to write: a
 * name or an e-mail in other letters, a login of the same device, a newer password.
 */
export const countNewcomers = async (workspace: Workspace): Promise<number> => {
  const counts = workspace.tables.flatMap((table) => newcomers(workspace, table))
  const [row] = await run<{ count: number }>(
    workspace.client,
    sql`SELECT ${sql.join(
      counts.map((rows) => sql`(SELECT count(*) FROM (${rows}) newcomers)`),
      sql` + `,
    )} AS count`,
  )
  return row?.count ?? 0
}

const newcomers = (workspace: Workspace, table: MergeTable): readonly RawBuilder<unknown>[] => {
  if (table.table === 'users') return [namesakes(workspace, table)]
  if (table.table === 'user_emails') return [foreignEmails(workspace, table)]
  if (table.table === 'user_passwords' || table.table === 'compat_sessions') return [besideOurs(workspace, table)]
  return []
}

/** Rows of the accounts themselves that the plan did not see, under keys that it writes. */
const besideOurs = (workspace: Workspace, table: MergeTable): RawBuilder<unknown> => {
  const { natural } = table.shape
  return sql`
    WITH candidate AS MATERIALIZED (${ownCandidates(workspace, table.table)})
    SELECT
    FROM candidate c
    JOIN ${sql.id(workspace.schema, table.table)} t ON t.ctid = c.row
    JOIN (SELECT r.row, ${keyHash(natural)} AS key FROM (${natural.present(workspace.schema)}) r) n ON n.row = c.row
    JOIN ${planned(table)} p ON p.key = n.key AND p.action IN ('create', 'update')
    WHERE NOT EXISTS (SELECT FROM ${present(table)} seen WHERE ${samePrimaryKey(table, 'seen', 't')})
  `
}
