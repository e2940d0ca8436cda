import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from './statement.ts'

const FETCHED = 2000

export interface Cursor<Row> {
  /** Within a transaction. */
  readonly client: Client
  /** Unlike that of any other open cursor of the client. */
  readonly name: string
  readonly query: RawBuilder<Row>
  /** Rows of a page, which stand in memory at once. */
  readonly size: number
}

/** The rows of a query, a page after the other; none is empty. The client may be asked other things in between. */
export async function* eachPage<Row>({ client, name, query, size }: Cursor<Row>): AsyncGenerator<readonly Row[]> {
  await run(client, sql`DECLARE ${sql.id(name)} NO SCROLL CURSOR FOR ${query}`)
  try {
    for (;;) {
      const rows = await run<Row>(client, sql`FETCH ${sql.lit(size)} FROM ${sql.id(name)}`)
      if (rows.length > 0) yield rows
      if (rows.length < size) return
    }
  } finally {
    // A statement that failed has ended the transaction, and the cursor with it; what it said is what counts.
    await run(client, sql`CLOSE ${sql.id(name)}`).catch(() => {})
  }
}

/**
 * The rows of a query one after the other, some thousands in memory at a time.
 * @param client within a transaction.
 * @param name of the cursor, unlike any other open one of the client.
 */
export async function* eachRow<Row>(client: Client, name: string, query: RawBuilder<Row>): AsyncGenerator<Row> {
  for await (const page of eachPage({ client, name, query, size: FETCHED })) yield* page
}
