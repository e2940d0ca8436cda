import { sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash } from '../../../difference/bucket-hash.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'

/**
 * Whether MAS has, beside all links that a load brought, some to a provider to which it brought none: `syn2op link` wrote
 * them, or people did since. The load's are known by what is on record of it. Where one of those is not there, a link may
 * only have changed its provider.
 * @param table the position of the links among the tables that are written.
 */
export const hasLinksOfOthers = async (
  client: Client,
  { natural }: TableShape,
  { table, schema }: { readonly table: number; readonly schema: string },
): Promise<boolean> => {
  const [row] = await run(
    client,
    sql<{ has: boolean }>`
      WITH
        present AS MATERIALIZED (
          SELECT upstream_oauth_provider_id AS provider, ${keyHash(natural)} AS key
          FROM (${natural.present(schema)}) p
        ),
        written AS MATERIALIZED (
          SELECT key FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} WHERE table_number = ${sql.lit(table)}
        )
      SELECT
        EXISTS (
          SELECT FROM present p LEFT JOIN written w ON w.key = p.key
          GROUP BY p.provider HAVING bool_and(w.key IS NULL)
        )
        AND NOT EXISTS (SELECT FROM written w WHERE NOT EXISTS (SELECT FROM present p WHERE p.key = w.key)) AS has`,
  )
  return row?.has === true
}
