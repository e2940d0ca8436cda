import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { STAGING_SCHEMA } from '../load/journal.ts'

const INDEX = sql.id('syn2op_upgraded_from')

/**
 * An index of ours for as long as MAS's tables stand aside: by it the server finds the passwords that were upgraded from
 * one that is removed. MAS's schema has none, and without one each removal looks at every password. It holds nothing
 * as long as nobody has logged in at MAS. Does nothing where it is.
 */
export const indexForRemovals = async (client: Client): Promise<void> => {
  const passwords = sql.id(STAGING_SCHEMA, 'user_passwords')
  await run(
    client,
    sql`
      CREATE INDEX IF NOT EXISTS ${INDEX} ON ${passwords} (upgraded_from_id) WHERE upgraded_from_id IS NOT NULL
    `,
  )
}

/** Before the tables go to their place, in the same transaction. */
export const dropIndexForRemovals = async (client: Client): Promise<void> => {
  await run(client, sql`DROP INDEX IF EXISTS ${sql.id(STAGING_SCHEMA)}.${INDEX}`)
}
