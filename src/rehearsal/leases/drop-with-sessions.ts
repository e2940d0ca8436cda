import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { compileStatement } from '../../postgres/statement.ts'

/** Of the error that a session in the database belongs to a superuser, as an autovacuum worker does, and of one that it is in use. */
const NOT_OURS_TO_END = '42501'
const IN_USE = '55006'

const PATIENCE_MS = 10_000

/**
 * Drops a database, with whoever is connected to it. A worker of autovacuum there may only be ended by superusers; but the server ends
 * it by itself where nobody asks for force.
 * @throws the server's error; where somebody else's session stays, after some seconds
 */
export const dropWithSessions = async (
  client: { query(text: string): Promise<unknown> },
  name: string,
  patience = PATIENCE_MS,
): Promise<void> => {
  const plain = sql`DROP DATABASE IF EXISTS ${sql.id(name)}`
  const forced = sql`${plain} WITH (FORCE)`
  const until = Date.now() + patience
  for (let statement = forced; ; ) {
    try {
      await client.query(compileStatement(statement))
      return
    } catch (error) {
      const state = sqlStateOf(error)
      if ((state !== NOT_OURS_TO_END && state !== IN_USE) || Date.now() > until) throw error
      statement = statement === forced ? plain : forced
      await sleep(50)
    }
  }
}

const sqlStateOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
