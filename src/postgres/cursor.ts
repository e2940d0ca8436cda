import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from './statement.ts'

const FETCHED = 2000

/**
 * The rows of a query one after the other, some thousands in memory at a time.
 * @param client within a transaction.
 * @param name of the cursor, unlike any other open one of the client.
 */
export async function* eachRow<Row>(client: Client, name: string, query: RawBuilder<Row>): AsyncGenerator<Row> {
  await run(client, sql`DECLARE ${sql.id(name)} NO SCROLL CURSOR FOR ${query}`)
  try {
    for (;;) {
      const rows = await run<Row>(client, sql`FETCH ${sql.lit(FETCHED)} FROM ${sql.id(name)}`)
      yield* rows
      if (rows.length < FETCHED) return
    }
  } finally {
    await run(client, sql`CLOSE ${sql.id(name)}`)
  }
}
