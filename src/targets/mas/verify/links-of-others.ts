import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import type { RowsOfOthers } from './verify-identifiers.ts'

/**
 * Links that stand beside those that a load brought: `syn2op link` wrote them, or people did since. Known by what is on record of
 * the load. One that disagrees with a row of the load is none of them, since it may be that row, changed: it gives a person
 * of the load a second link of the same provider, or is of a person of whom a link is gone.
 * @param table the position of the links among the tables that are written.
 */
export const linksOfOthers = async (
  client: Client,
  { natural }: Pick<TableShape, 'natural'>,
  { table, schema }: { readonly table: number; readonly schema: string },
): Promise<RowsOfOthers> => {
  const rows: RawBuilder<unknown> = sql`
    WITH
      present AS MATERIALIZED (
        SELECT row, upstream_oauth_provider_id AS provider, ${ownerHash(sql`mxid`)} AS owner, ${keyHash(natural)} AS key
        FROM (${natural.present(schema)}) p
      ),
      written AS MATERIALIZED (
        SELECT key, owner FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} WHERE table_number = ${sql.lit(table)}
      )
    SELECT p.row
    FROM present p
    WHERE NOT EXISTS (SELECT FROM written w WHERE w.key = p.key)
      AND NOT EXISTS (
        SELECT FROM written w JOIN present o ON o.key = w.key WHERE o.provider = p.provider AND w.owner = p.owner
      )
      AND NOT EXISTS (
        SELECT FROM written w
        WHERE w.owner = p.owner AND NOT EXISTS (SELECT FROM present o WHERE o.key = w.key)
      )`
  const [counted] = await run(client, sql<{ count: number }>`SELECT count(*)::integer AS count FROM (${rows}) others`)
  return { count: counted?.count ?? 0, rows }
}
