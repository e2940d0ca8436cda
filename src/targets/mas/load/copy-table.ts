import { sql } from 'kysely'
import type { Client } from 'pg'
import type { TableShape } from '../../../difference/table-shape.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { WaitClock } from '../../../postgres/wait-clock.ts'
import { STAGING_SCHEMA } from './journal.ts'

export interface CopiedTable {
  readonly table: string
  readonly rows: number
  readonly bytes: number
}

/**
 * Copies the wanted rows of a table: shaped by the source, passed on as buffers, never objects here. FREEZE spares
 * the target a later rewrite of every page, and asks for a table emptied in the same transaction, so each table
 * commits on its own.
 * The source is within its snapshot's transaction, which a copy that is stopped must not break: where
 * identifiers clash, the same snapshot is read again.
 */
export const copyTable = async (
  { source, target }: { readonly source: Client; readonly target: Client },
  shape: TableShape,
  { signal, waits }: { readonly signal: AbortSignal; readonly waits: WaitClock },
): Promise<CopiedTable> => {
  const columns = sql.join(shape.columns.map(({ name }) => sql.id(name)))
  const table = sql.id(STAGING_SCHEMA, shape.table)
  await run(target, sql`BEGIN`)
  try {
    await run(source, sql`SAVEPOINT before_copy`)
    await run(target, sql`TRUNCATE ${table}`)
    const { rows, bytes } = await copyBetween({
      from: source,
      to: target,
      select: compileStatement(sql`SELECT ${columns} FROM (${shape.wanted}) wanted`),
      into: compileStatement(sql`COPY ${table} (${columns}) FROM STDIN (FORMAT binary, FREEZE)`),
      what: `the rows of ${shape.table}`,
      signal,
      waits,
    })
    await run(source, sql`RELEASE SAVEPOINT before_copy`)
    await run(target, sql`COMMIT`)
    return { table: shape.table, rows, bytes }
  } catch (error) {
    // The connections may be gone; the first error is the one that counts.
    await run(source, sql`ROLLBACK TO SAVEPOINT before_copy`).catch(() => {})
    await run(target, sql`ROLLBACK`).catch(() => {})
    throw error
  }
}
