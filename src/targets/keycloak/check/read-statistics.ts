import { sql } from 'kysely'
import { connect } from '../../../postgres/connect.ts'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import { run } from '../../../postgres/statement.ts'
import type { Statistics } from './seen.ts'

/** Of Keycloak's table of users; `no users` where the role finds no such table. */
export const readStatistics = async (
  database: PostgresSettings,
  signal: AbortSignal,
): Promise<Statistics | 'no users'> => {
  const client = await connect(database, { applicationName: 'syn2op check', access: 'read-only', signal })
  try {
    const [table] = await run<{ readonly estimate: number }>(
      client,
      sql`SELECT greatest(reltuples, 0)::double precision AS estimate FROM pg_class WHERE oid = to_regclass('user_entity')`,
    )
    if (table === undefined) return 'no users'
    const [counted] = await run<{ readonly rows: number }>(
      client,
      sql`SELECT count(*)::double precision AS rows FROM user_entity`,
    )
    return { rows: counted?.rows ?? 0, estimate: table.estimate }
  } finally {
    await client.end()
  }
}
