import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'

/**
 * Asks the target, once a second, how many rows the copies under way have written: the rows themselves pass through
 * as buffers and are not looked at here.
 * @param onRows told the sum of all tables so far; each table counts with the most it was seen with.
 */
export const watchCopies = (control: Client, onRows: (rows: number) => void): { stop(): void } => {
  const seen = new Map<number, number>()
  let asking = false
  const ask = async (): Promise<void> => {
    if (asking) return
    asking = true
    try {
      const rows = await run<{ relid: number; tuples: number }>(
        control,
        sql`
          SELECT relid::bigint AS relid, tuples_processed AS tuples
          FROM pg_stat_progress_copy
          WHERE datname = current_database() AND command = 'COPY FROM'
        `,
      )
      for (const { relid, tuples } of rows) seen.set(relid, Math.max(seen.get(relid) ?? 0, tuples))
      onRows([...seen.values()].reduce((sum, one) => sum + one, 0))
    } catch {
      // Progress is a courtesy: a failing connection shows itself in the work.
    } finally {
      asking = false
    }
  }
  const timer = setInterval(() => void ask(), 1000)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
