import { type RawBuilder, sql } from 'kysely'
import { ownerHash } from '../../../difference/owner.ts'
import type { ConflictRules } from '../../../mapping/mapping.ts'
import { run } from '../../../postgres/statement.ts'
import type { ConflictCode } from '../../changes.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { type MergeTable, samePrimaryKey } from './merge-table.ts'
import { ACCOUNT, incoming, planned, present, type Workspace } from './workspace.ts'

/** Settles under which MAS user each account goes, and whose name is somebody else's. */
export const settleUsers = async (workspace: Workspace, users: MergeTable, rules: ConflictRules): Promise<void> => {
  const { client } = workspace
  await run(
    client,
    sql`
      UPDATE ${ACCOUNT} a
      SET
        user_id = coalesce(p.user_id, p.proposed),
        is_closed = p.action IN ('theirs', 'foreign') AND (NOT p.is_there OR (p.ended AND i.deactivated_at IS NULL))
      FROM ${planned(users)} p
      LEFT JOIN ${incoming(users)} i ON i.key = p.key
      WHERE p.owner = a.owner AND a.is_active
    `,
  )
  if (rules.username === 'hold_back') {
    await run(
      client,
      sql`
        UPDATE ${ACCOUNT} a
        SET conflict = 'username_taken', in_the_way = p.user_id
        FROM ${planned(users)} p
        WHERE p.owner = a.owner AND p.action = 'foreign' AND a.is_active
      `,
    )
  }
  await findNamesakes(workspace, users)
}

/** Accounts whose name MAS takes for another's. Such a person cannot be adopted: the Matrix id would be another. */
const findNamesakes = async (workspace: Workspace, users: MergeTable): Promise<void> => {
  await run(
    workspace.client,
    sql`
      UPDATE ${ACCOUNT} a
      SET conflict = 'username_taken', in_the_way = n.user_id
      FROM (${namesakes(workspace, users)}) n
      WHERE n.owner = a.owner AND a.is_active
    `,
  )
}

/**
 * MAS users whose name is written otherwise than that of an account to be created, and the same to MAS. Two such accounts
 * of the source stand side by side in MAS as they did in Synapse.
 */
export const namesakes = (
  { schema, serverName, hasJournal }: Workspace,
  users: MergeTable,
): RawBuilder<{ readonly owner: string; readonly user_id: string }> => {
  const mxid = sql`'@' || u.username || ${`:${serverName}`}::text`
  const isOurs = hasJournal
    ? sql`EXISTS (
        SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} w
        WHERE w.owner = ${ownerHash(mxid)} AND w.table_number = ${users.number}::smallint
      )`
    : sql`false`
  return sql`
    SELECT a.owner, u.user_id
    FROM ${planned(users)} p
    JOIN ${ACCOUNT} a ON a.owner = p.owner
    JOIN ${sql.id(schema, 'users')} u ON lower(u.username) = lower(a.localpart)
    WHERE p.action = 'create' AND a.is_active AND NOT ${isOurs}
  `
}

/** Rows that are another account's: the whole account is held back, or only the row is left. */
export const settleTaken = async (
  { client }: Workspace,
  table: MergeTable,
  { code, rule }: { readonly code: ConflictCode; readonly rule: 'hold_back' | 'leave' },
): Promise<void> => {
  await run(
    client,
    rule === 'leave'
      ? sql`UPDATE ${planned(table)} SET action = 'foreign' WHERE action = 'taken'`
      : sql`
          UPDATE ${ACCOUNT} a
          SET conflict = ${code}, in_the_way = p.holder
          FROM ${planned(table)} p
          WHERE p.owner = a.owner AND p.action = 'taken' AND a.conflict IS NULL
        `,
  )
}

/** Nothing is done to any row of an account that is held back by a conflict. */
export const holdBack = async (workspace: Workspace): Promise<void> => {
  const { client, tables } = workspace
  for (const table of tables) {
    if (table.globalKey !== undefined) await returnMoved(workspace, table)
    await run(
      client,
      sql`
        UPDATE ${planned(table)} p
        SET action = 'held'
        FROM ${ACCOUNT} a
        WHERE a.owner = p.owner AND a.conflict IS NOT NULL
      `,
    )
  }
}

/**
 * A row that has moved in the source, and does not arrive since its new account is held back or was closed, is its former
 * account's again, which wants it no more: whoever logs in with it must not be taken for that one.
 */
const returnMoved = async ({ client }: Workspace, table: MergeTable): Promise<void> => {
  const primaryKey = table.primaryKey.map((column) => sql.id(column))
  await run(
    client,
    sql`
      WITH
        moved AS MATERIALIZED (
          SELECT q.*, t.digest AS present_digest
          FROM ${planned(table)} q
          JOIN ${ACCOUNT} a ON a.owner = q.owner
          JOIN ${ACCOUNT} former ON former.owner = q.base_owner AND former.is_active AND former.conflict IS NULL
          LEFT JOIN ${present(table)} t ON ${samePrimaryKey(table, 't', 'q')}
          WHERE q.base_owner <> q.owner
            AND (a.conflict IS NOT NULL OR (q.action = 'theirs' AND t.digest = q.base_digest))
        ),
        returned AS (
          INSERT INTO ${planned(table)} (
            ${sql.join(primaryKey)},
            action, owner, key, digest, is_wanted, is_there, holder, seen, ended, base_owner, base_digest, base_run
          )
          SELECT
            ${sql.join(primaryKey)},
            CASE WHEN NOT is_there THEN 'forget' WHEN present_digest = base_digest THEN 'remove' ELSE 'theirs' END,
            base_owner, key, present_digest, false, is_there, holder, seen, ended, base_owner, base_digest, base_run
          FROM moved
        )
      UPDATE ${planned(table)} p
      SET is_there = false, base_owner = NULL, base_digest = NULL, base_run = NULL
      FROM moved m
      WHERE m.key = p.key
    `,
  )
}
