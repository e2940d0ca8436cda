import { type RawBuilder, sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import type { MergeTable } from '../merge/merge-table.ts'
import { BASE, planned, present } from '../merge/workspace.ts'
import { endsByRemoval, formerHolder, judged } from './judgements.ts'
import type { RollbackWork } from './rollback-work.ts'

/** Those after which the row is gone, with all that depends on it. */
export const isRoot = (table: MergeTable, alias: string): RawBuilder<boolean> => {
  const action = sql.id(alias, 'action')
  return endsByRemoval(table) ? sql`${action} IN ('remove', 'theirs', 'end')` : sql`${action} IN ('remove', 'theirs')`
}

/**
 * Settles, for each row of a table that we have on record for the batch's accounts, what becomes of it. Created by what is
 * taken back: remove (as we wrote it), theirs (changed at MAS since), forget (gone from MAS). Changed by it: restore; end, stay
 * (what it was before the source no longer has: a login, token, password or link ends, but for one that the source has as it
 * stands; that and anything else stays as it is); changed (at MAS since: left as it is). kept: not concerned.
 */
export const settleRollback = async (
  { workspace: { client, schema, serverName }, covered }: RollbackWork,
  table: MergeTable,
): Promise<void> => {
  const primaryKey = table.primaryKey.map((column) => sql.id(column))
  const images = sql.id(JOURNAL_SCHEMA, 'before_image')
  await run(
    client,
    sql`
      INSERT INTO ${planned(table)} (
        ${sql.join(primaryKey)}, action, owner, key, digest, is_there, seen, base_owner, base_digest, base_run
      )
      WITH
        base AS (SELECT * FROM ${BASE} WHERE table_number = ${table.number}::smallint),
        ours AS (
          SELECT DISTINCT ON (p.key) p.*
          FROM ${present(table)} p
          JOIN base b ON b.key = p.key AND b.owner = p.owner
          ORDER BY p.key, (p.digest = b.digest) DESC, p.created_at,
            ${sql.join(table.primaryKey.map((column) => sql.id('p', column)))}
        ),
        before AS (
          SELECT DISTINCT ON (i.key, i.owner) i.key, i.owner, i.image, ${formerHolder(table, { schema, serverName })} AS former
          FROM ${images} i
          JOIN base b ON b.key = i.key AND b.owner = i.owner
          WHERE i.table_number = ${table.number}::smallint AND ${covered.isCovered('i')}
          ORDER BY i.key, i.owner, i.run_number
        )
      SELECT
        ${sql.join(table.primaryKey.map((column) => sql.id('p', column)))},
        CASE
          WHEN ${covered.isCovered('b')} THEN
            CASE WHEN p.key IS NULL THEN 'forget' WHEN p.digest = b.digest THEN 'remove' ELSE 'theirs' END
          WHEN i.key IS NULL OR p.key IS NULL THEN 'kept'
          WHEN p.digest <> b.digest THEN 'changed'
          ELSE ${judged(table, schema)}
        END,
        b.owner, b.key, p.digest, p.key IS NOT NULL, p.seen, b.owner, b.digest, b.run_number
      FROM base b
      LEFT JOIN ours p ON p.key = b.key AND p.owner = b.owner
      LEFT JOIN before i ON i.key = b.key AND i.owner = b.owner
    `,
  )
  await run(client, sql`ANALYZE ${planned(table)}`)
}
