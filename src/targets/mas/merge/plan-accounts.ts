import { sql } from 'kysely'
import type { ConflictRules } from '../../../mapping/mapping.ts'
import { run } from '../../../postgres/statement.ts'
import type { AccountDecision } from '../../batch.ts'
import type { AccountChange } from '../../changes.ts'
import { lookUpBase, lookUpPresent } from './look-up-present.ts'
import { readChanges } from './read-changes.ts'
import { holdBack, settleTaken, settleUsers } from './settle-accounts.ts'
import { settleEmails } from './settle-emails.ts'
import { settleRemovals } from './settle-removals.ts'
import { settleRows } from './settle-rows.ts'
import { ACCOUNT, BASE, planned, present, type Workspace } from './workspace.ts'

export interface PlanAccounts {
  /** The accounts of the whole batch. */
  readonly accounts: readonly AccountDecision[]
  /** Positions of those to plan for; all where absent. */
  readonly only?: readonly number[]
  readonly rules: ConflictRules
}

/** Compares what is wanted for some accounts of the batch with what is there by now, and settles what to do. */
export const planAccounts = async (
  workspace: Workspace,
  { accounts, only, rules }: PlanAccounts,
): Promise<readonly AccountChange[]> => {
  await begin(workspace, only)
  await lookUpBase(workspace)
  for (const table of workspace.tables) {
    await lookUpPresent(workspace, table)
    await settleRows(workspace, table)
    if (table.table === 'users') await settleUsers(workspace, table, rules)
    if (table.table === 'user_emails') {
      await settleEmails(workspace, table)
      await settleTaken(workspace, table, { code: 'email_taken', rule: rules.email })
    } else if (table.table === 'upstream_oauth_links') {
      await settleTaken(workspace, table, { code: 'identity_taken', rule: rules.identity })
    } else if (table.globalKey !== undefined) {
      await settleTaken(workspace, table, { code: 'token_taken', rule: 'hold_back' })
    }
  }
  await holdBack(workspace)
  await settleRemovals(workspace)
  return readChanges(workspace, accounts)
}

/** Forgets an earlier plan. */
const begin = async ({ client, tables }: Workspace, only: readonly number[] | undefined): Promise<void> => {
  const used = [BASE, ...tables.flatMap((table) => [present(table), planned(table)])]
  await run(client, sql`TRUNCATE ${sql.join(used)}`)
  const active = only === undefined ? sql`true` : sql`ordinal = ANY (${[...only]}::integer[])`
  await run(
    client,
    sql`UPDATE ${ACCOUNT} SET is_active = ${active}, user_id = NULL, is_closed = false, conflict = NULL, in_the_way = NULL`,
  )
}
