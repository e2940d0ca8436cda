import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from './statement.ts'

/** SQLSTATE invalid_regular_expression. */
const INVALID = '2201B'

/**
 * Whether PostgreSQL understands every one of these regular expressions: only it knows its own.
 * @param reader in a transaction, which stays usable.
 */
export const arePatterns = async (reader: Client, [pattern, ...others]: readonly string[]): Promise<boolean> =>
  pattern === undefined || ((await isPattern(reader, pattern)) && arePatterns(reader, others))

const isPattern = async (reader: Client, pattern: string): Promise<boolean> => {
  const savepoint = sql.id('syn2op_pattern')
  await run(reader, sql`SAVEPOINT ${savepoint}`)
  try {
    await run(reader, sql`SELECT '' ~ ${pattern} AS matches`)
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === INVALID)) throw error
    await run(reader, sql`ROLLBACK TO SAVEPOINT ${savepoint}`)
    return false
  } finally {
    await run(reader, sql`RELEASE SAVEPOINT ${savepoint}`).catch(() => {})
  }
}
