import { type RawBuilder, sql } from 'kysely'
import { keyHash, rowDigest } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import type { MergeTable } from './merge-table.ts'
import { ACCOUNT, incoming, planned, type Workspace } from './workspace.ts'

/**
 * E-mails to be added that somebody else has. One that the account itself has in another spelling, which we did not
 * write, is foreign.
 */
export const settleEmails = async (workspace: Workspace, emails: MergeTable): Promise<void> => {
  await run(
    workspace.client,
    sql`
      UPDATE ${planned(emails)} p
      SET action = CASE WHEN f.elsewhere THEN 'taken' ELSE 'foreign' END, holder = f.holder
      FROM (${foreignEmails(workspace, emails)}) f
      WHERE f.wanted_key = p.key AND p.action = 'create'
    `,
  )
}

/**
 * MAS users who have an e-mail that is to be created: MAS compares them without regard to case. Those that are as we
 * wrote them for others are no obstacle: Synapse moved them, or let both have them.
 */
export const foreignEmails = (
  { schema, hasJournal }: Workspace,
  emails: MergeTable,
): RawBuilder<{ readonly wanted_key: string; readonly holder: string; readonly elsewhere: boolean }> => {
  const { natural } = emails.shape
  const isOurs = hasJournal
    ? sql`EXISTS (
        SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} w
        WHERE w.owner = ${ownerHash(sql`h.mxid`)}
          AND w.table_number = ${emails.number}::smallint
          AND w.key = h.key
          AND w.digest = h.digest
      )`
    : sql`false`
  return sql`
    WITH held AS MATERIALIZED (
      SELECT p.key AS wanted_key, a.user_id AS wanted_by, e.ctid AS row, e.user_id AS holder
      FROM ${planned(emails)} p
      JOIN ${incoming(emails)} i ON i.key = p.key
      JOIN ${ACCOUNT} a ON a.owner = p.owner
      JOIN ${sql.id(schema, 'user_emails')} e ON lower(e.email) = lower(i.email)
      WHERE p.action = 'create'
    )
    SELECT DISTINCT ON (held.wanted_key) held.wanted_key, held.holder, held.holder <> held.wanted_by AS elsewhere
    FROM held
    JOIN (
      SELECT r.row, r.mxid, ${keyHash(natural)} AS key, ${rowDigest(natural)} AS digest
      FROM (${natural.present(schema)}) r
    ) h ON h.row = held.row
    WHERE NOT ${isOurs}
    ORDER BY held.wanted_key, elsewhere DESC
  `
}
