import { sql } from 'kysely'
import type pg from 'pg'
import { keyHash, rowDigest } from '../../../src/difference/bucket-hash.ts'
import { ownerHash } from '../../../src/difference/owner.ts'
import { run } from '../../../src/postgres/statement.ts'
import { masTables } from '../../../src/targets/mas/rows/tables.ts'

/** Puts on record that a merge wrote every row that MAS has, as it is now. */
export const recordWritten = async (client: pg.Client, serverName: string): Promise<void> => {
  const shapes = masTables({
    serverName,
    decisions: sql`nothing AS (SELECT)`,
    seeds: { method: 'fast', key: new Uint8Array(32) },
    passwordVersion: 1,
  })
  await run(client, sql`TRUNCATE syn2op.written_row`)
  for (const [number, { natural }] of shapes.entries()) {
    await run(
      client,
      sql`
        INSERT INTO syn2op.written_row (table_number, owner, key, digest, run_number)
        SELECT ${sql.lit(number)}, ${ownerHash(sql`mxid`)}, ${keyHash(natural)}, ${rowDigest(natural)}, 1
        FROM (${natural.present('public')}) rows
      `,
    )
  }
  await run(client, sql`UPDATE syn2op.run SET kind = 'merge'`)
}
