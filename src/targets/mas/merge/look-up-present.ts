import { type RawBuilder, sql } from 'kysely'
import { keyHash, rowDigest } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { type MergeTable, seenHash, type WrittenTable } from './merge-table.ts'
import { ACCOUNT, BASE, incoming, present, type Workspace } from './workspace.ts'

/** What the journal has of the active accounts. */
export const lookUpBase = async ({ client, hasJournal }: Workspace): Promise<void> => {
  if (!hasJournal) return
  await run(
    client,
    sql`
      INSERT INTO ${BASE} (table_number, owner, key, digest, run_number)
      SELECT w.table_number, w.owner, w.key, w.digest, w.run_number
      FROM ${ACCOUNT} a
      JOIN ${sql.id(JOURNAL_SCHEMA, 'written_row')} w ON w.owner = a.owner
      WHERE a.is_active
    `,
  )
  await run(client, sql`ANALYZE ${BASE}`)
}

/**
 * Finds the rows of a table that matter to the active accounts: their own, and those under a key that one of them
 * wants, whoever has them. Takes no lock. The users' must have been looked up, and settled in the accounts, before.
 */
export const lookUpPresent = async (workspace: Workspace, table: MergeTable): Promise<void> => {
  const { client, hasJournal } = workspace
  const own = rowsOf(workspace, table, { candidates: ownCandidates(workspace, table.table), holder: sql`NULL` })
  await run(client, sql`INSERT INTO ${present(table)} ${own}`)
  await run(client, sql`ANALYZE ${present(table)}`)
  if (table.globalKey === undefined) return
  const others = rowsOf(workspace, table, {
    candidates: candidatesOfOthers(workspace, table, table.globalKey),
    holder: holderOf(workspace, table),
  })
  await run(client, hasJournal ? withTheirBase(table, others) : sql`INSERT INTO ${present(table)} ${others}`)
}

/** As they stand in `merge_present_…`. */
const rowsOf = (
  { schema }: Workspace,
  table: MergeTable,
  { candidates, holder }: { readonly candidates: RawBuilder<unknown>; readonly holder: RawBuilder<unknown> },
): RawBuilder<unknown> => {
  const { natural } = table.shape
  return sql`
    WITH candidate AS MATERIALIZED (${candidates})
    SELECT
      ${sql.join(table.primaryKey.map((column) => sql.id('t', column)))},
      ${holder},
      ${ownerHash(sql`p.mxid`)} AS owner,
      p.key,
      p.digest,
      ${seenHash(table)},
      t.created_at,
      ${table.ended ?? sql`false`}
    FROM candidate c
    JOIN (
      SELECT r.row, r.mxid, ${keyHash(natural)} AS key, ${rowDigest(natural)} AS digest
      FROM (${natural.present(schema)}) r
    ) p ON p.row = c.row
    JOIN ${sql.id(schema, table.table)} t ON t.ctid = p.row
  `
}

/**
 * Enters rows that another account has, and whether we gave it them: then they move. One statement, for another batch
 * may take the row away, and off the record, at any time: without its entry a row of ours would pass for somebody else's.
 */
const withTheirBase = (table: MergeTable, others: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  WITH there AS (INSERT INTO ${present(table)} ${others} RETURNING owner, key)
  INSERT INTO ${BASE} (table_number, owner, key, digest, run_number)
  SELECT w.table_number, w.owner, w.key, w.digest, w.run_number
  FROM there p
  JOIN ${sql.id(JOURNAL_SCHEMA, 'written_row')} w
    ON w.owner = p.owner AND w.table_number = ${table.number}::smallint AND w.key = p.key
  WHERE NOT EXISTS (SELECT FROM ${ACCOUNT} a WHERE a.owner = p.owner AND a.is_active)
`

/** The ctids of rows under wanted keys that no active account has. */
const candidatesOfOthers = (
  workspace: Workspace,
  table: MergeTable,
  globalKey: readonly string[],
): RawBuilder<unknown> => {
  const sameKey = globalKey.map((column) => sql`${sql.id('t', column)} = ${sql.id('i', column)}`)
  return sql`
    SELECT t.ctid AS row
    FROM ${incoming(table)} i
    JOIN ${ACCOUNT} a ON a.owner = i.owner AND a.is_active AND a.is_wanted
    JOIN ${sql.id(workspace.schema, table.table)} t ON ${sql.join(sameKey, sql` AND `)}
    WHERE NOT EXISTS (SELECT FROM ${present(table)} p WHERE p.key = i.key)
  `
}

/** The ctids of the active accounts' own rows. */
export const ownCandidates = ({ schema }: Workspace, table: WrittenTable): RawBuilder<unknown> => {
  const t = sql.id(schema, table)
  if (table === 'users') {
    return sql`SELECT t.ctid AS row FROM ${ACCOUNT} a JOIN ${t} t ON t.username = a.localpart WHERE a.is_active`
  }
  if (table === 'compat_access_tokens' || table === 'compat_refresh_tokens') {
    return sql`
      SELECT t.ctid AS row
      FROM ${ACCOUNT} a
      JOIN ${sql.id(schema, 'compat_sessions')} s ON s.user_id = a.user_id
      JOIN ${t} t ON t.compat_session_id = s.compat_session_id
      WHERE a.is_active
    `
  }
  return sql`SELECT t.ctid AS row FROM ${ACCOUNT} a JOIN ${t} t ON t.user_id = a.user_id WHERE a.is_active`
}

/** The MAS user who has the row `t`. */
const holderOf = ({ schema }: Workspace, { table }: MergeTable): RawBuilder<unknown> =>
  table === 'compat_access_tokens' || table === 'compat_refresh_tokens'
    ? sql`(SELECT s.user_id FROM ${sql.id(schema, 'compat_sessions')} s WHERE s.compat_session_id = t.compat_session_id)`
    : sql`t.user_id`
