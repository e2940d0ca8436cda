import { sql } from 'kysely'
import { connect } from '../../../postgres/connect.ts'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'

/**
 * Makes a database the copy of another one of the same server. Nobody may be connected to either.
 * @param to is there, and is made anew, with the comment by which a sweep knows whose it is
 */
export const copyDatabase = async (
  from: PostgresSettings,
  to: PostgresSettings,
  signal: AbortSignal,
): Promise<void> => {
  const client = await connect(from, { applicationName: 'syn2op rehearsal', access: 'read-write', signal })
  try {
    const [present] = await run<{ comment: string | null }>(
      client,
      sql`select shobj_description(oid, 'pg_database') as comment from pg_database where datname = ${to.database}`,
    )
    await client.query(compileStatement(sql`drop database ${sql.id(to.database)}`))
    await client.query(compileStatement(sql`create database ${sql.id(to.database)} template ${sql.id(from.database)}`))
    const comment = present?.comment ?? undefined
    if (comment !== undefined) {
      await client.query(compileStatement(sql`comment on database ${sql.id(to.database)} is ${sql.lit(comment)}`))
    }
  } finally {
    await client.end()
  }
}
