import { sql } from 'kysely'
import type { Client } from 'pg'
import { ownerHash } from '../../difference/owner.ts'
import { run } from '../../postgres/statement.ts'
import type { Relations } from '../../synapse/relations.ts'

/** As many names as a message shows. */
export const NAMED = 5

/** Of more owners than these no names are sought. */
const SOUGHT = 1000

/** The first names of some owners (see pack-owners.ts) that the source has. */
export const nameOwners = async (
  owners: readonly bigint[],
  { relations, reader }: { readonly relations: Relations; readonly reader: Client },
  limit = NAMED,
): Promise<readonly string[]> => {
  if (owners.length === 0) return []
  const some = owners.slice(0, SOUGHT).map(String)
  const rows = await run<{ name: string }>(
    reader,
    sql`
      SELECT name
      FROM ${relations.users} u
      WHERE name IS NOT NULL AND ${ownerHash(sql`name`)} IN (SELECT unnest(${some}::bigint[]))
      ORDER BY name COLLATE "C"
      LIMIT ${sql.lit(limit)}
    `,
  )
  return rows.map(({ name }) => name)
}
