import { sql } from 'kysely'
import { keyHash } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import type { MergeTable } from './merge-table.ts'
import { ACCOUNT, incoming, planned, type Workspace } from './workspace.ts'

/**
 * E-mails to be added that somebody else has: MAS compares them without regard to case. One that the account itself has
 * in another spelling, which we did not write, is foreign. Those that we wrote for others are no obstacle: Synapse
 * moved them, or let both have them.
 */
export const settleEmails = async ({ client, schema, hasJournal }: Workspace, emails: MergeTable): Promise<void> => {
  const { natural } = emails.shape
  const isOurs = hasJournal
    ? sql`EXISTS (
        SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} w
        WHERE w.owner = ${ownerHash(sql`h.mxid`)} AND w.table_number = ${emails.number}::smallint AND w.key = h.key
      )`
    : sql`false`
  await run(
    client,
    sql`
      WITH held AS MATERIALIZED (
        SELECT p.key AS wanted_key, a.user_id AS wanted_by, e.ctid AS row, e.user_id AS holder
        FROM ${planned(emails)} p
        JOIN ${incoming(emails)} i ON i.key = p.key
        JOIN ${ACCOUNT} a ON a.owner = p.owner
        JOIN ${sql.id(schema, 'user_emails')} e ON lower(e.email) = lower(i.email)
        WHERE p.action = 'create'
      ),
      foreigners AS (
        SELECT DISTINCT ON (held.wanted_key) held.wanted_key, held.holder, held.holder <> held.wanted_by AS elsewhere
        FROM held
        JOIN (
          SELECT r.row, r.mxid, ${keyHash(natural)} AS key FROM (${natural.present(schema)}) r
        ) h ON h.row = held.row
        WHERE NOT ${isOurs}
        ORDER BY held.wanted_key, elsewhere DESC
      )
      UPDATE ${planned(emails)} p
      SET action = CASE WHEN f.elsewhere THEN 'taken' ELSE 'foreign' END, holder = f.holder
      FROM foreigners f
      WHERE f.wanted_key = p.key AND p.action = 'create'
    `,
  )
}
