import { sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash } from '../../../difference/bucket-hash.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'

/**
 * Whether MAS has links to a provider to which a load brought none: `syn2op link` wrote them, or people did since, and the
 * load's are known by what is on record of it.
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
      SELECT EXISTS (
        SELECT
        FROM (${natural.present(schema)}) p
        LEFT JOIN (
          SELECT key FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} WHERE table_number = ${sql.lit(table)}
        ) w ON w.key = ${keyHash(natural)}
        GROUP BY upstream_oauth_provider_id
        HAVING bool_and(w.key IS NULL)
      ) AS has`,
  )
  return row?.has === true
}
