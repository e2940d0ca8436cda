import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../postgres/statement.ts'
import type { HeldBackAccount } from '../run-recorder.ts'

/** Rows that stand in memory at once. */
const FETCHED = 5000

/**
 * The accounts that the decision holds back, in the order of their mxid, some thousands at a time: a homeserver of a
 * bridge has more ghosts than fit in memory.
 * @param decisions the named queries of `decisions`.
 * @param reader a connection within a transaction, that does nothing else meanwhile.
 */
export async function* heldBackAccounts(
  decisions: RawBuilder<unknown>,
  reader: Client,
): AsyncGenerator<readonly HeldBackAccount[]> {
  await run(
    reader,
    sql`
      DECLARE syn2op_held_back NO SCROLL CURSOR FOR
      WITH ${decisions}
      SELECT mxid, reason FROM account WHERE reason IS NOT NULL ORDER BY mxid
    `,
  )
  try {
    for (;;) {
      const fetched = await run<HeldBackAccount>(reader, sql`FETCH ${sql.lit(FETCHED)} FROM syn2op_held_back`)
      if (fetched.length === 0) return
      yield fetched
    }
  } finally {
    // A statement that failed has ended the transaction, and the cursor with it.
    await run(reader, sql`CLOSE syn2op_held_back`).catch(() => {})
  }
}
