import { sql } from 'kysely'
import { run } from '../../postgres/statement.ts'
import { keptColumns, type SampledSource, tablesOf } from './source-of-sample.ts'
import { KEPT } from './tables.ts'

/** An organisation has a few. What has more names than these holds something else, and none of them is kept. */
const MOST = 200

/** Every name of a provider that homeserver.yaml has or a row names, once, as `user_external_ids.auth_provider` has it. */
export const readProviderNames = async (source: SampledSource): Promise<readonly string[]> => {
  const names = new Set(source.homeserver.providers.map(({ authProvider }) => authProvider))
  for (const table of tablesOf(source)) {
    for (const column of keptColumns(source, table) ?? []) {
      if (KEPT[table]?.[column] !== 'provider') continue
      const name = sql.id(column)
      const rows = await run<{ readonly name: string }>(
        source.reader,
        sql`SELECT DISTINCT ${name}::text AS name FROM ${sql.id(source.catalogue.schema, table)}
          WHERE ${name} IS NOT NULL ORDER BY 1 LIMIT ${sql.lit(MOST + 1)}`,
      )
      if (rows.length > MOST) continue
      for (const row of rows) names.add(row.name)
    }
  }
  return [...names]
}
