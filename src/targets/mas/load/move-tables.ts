import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { MAS_WRITTEN_TABLES } from '../database/catalogue.ts'

/**
 * Tables that stand aside with those we fill for one reason: without them a MAS that is started meanwhile stops at once,
 * instead of working on half of its database. Its server reads the first at its start, its worker writes to the second,
 * and each can be started without the other (tried with MAS 1.22).
 */
const GATE_TABLES = ['policy_data', 'queue_workers'] as const

/** Moves MAS's tables that a run fills, and those without which MAS does not start, as far as they are there. */
export const moveTables = async (client: Client, from: string, to: string): Promise<void> => {
  const tables = await run<{ name: string }>(
    client,
    sql`
      SELECT c.relname AS name
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${from} AND c.relkind IN ('r', 'p')
        AND c.relname IN (${sql.join([...MAS_WRITTEN_TABLES, ...GATE_TABLES])})
      ORDER BY 1
    `,
  )
  if (tables.length === 0) return
  // All at once: whoever cancels them meets them, not the moment between two.
  const moves = tables.map(({ name }) => sql`ALTER TABLE ${sql.id(from, name)} SET SCHEMA ${sql.id(to)}`)
  await run(client, sql`${sql.join(moves, sql`; `)}`)
}
