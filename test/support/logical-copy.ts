import { pipeline } from 'node:stream/promises'
import { from, to } from 'pg-copy-streams'
import { NEWEST_SYNAPSE, synapseTables } from '../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../src/rehearsal/demo/ddl.ts'
import type { TestPostgres } from './server-for-tests.ts'

/**
 * Makes a Synapse database anew from the rows of another, as a restored dump would: the same rows, but others have
 * written them, in another order, at another time.
 */
export const restoreFromDump = async (
  origin: { readonly postgres: TestPostgres; readonly database: string },
  copy: { readonly postgres: TestPostgres; readonly database: string },
): Promise<void> => {
  await copy.postgres.createDatabase(copy.database, { encoding: 'UTF8' })
  const source = await origin.postgres.superuser(origin.database)
  const target = await copy.postgres.superuser(copy.database)
  try {
    await target.query(`SET session_replication_role = 'replica'`)
    for (const statement of synapseDdl(NEWEST_SYNAPSE)) await target.query(statement)
    for (const table of synapseTables(NEWEST_SYNAPSE).keys()) {
      await pipeline(
        source.query(to(`COPY (SELECT * FROM ${table} t ORDER BY md5(t::text)) TO STDOUT`)),
        target.query(from(`COPY ${table} FROM STDIN`)),
      )
    }
    await target.query('ANALYZE')
  } finally {
    await source.end()
    await target.end()
  }
}
