import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { eachPage } from '../../postgres/cursor.ts'
import type { HeldBackAccount } from '../run-recorder.ts'

/** Accounts that are written down at once. */
const TOGETHER = 5000

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
  const held = sql<HeldBackAccount>`
    WITH ${decisions} SELECT mxid, reason FROM account WHERE reason IS NOT NULL ORDER BY mxid
  `
  yield* eachPage({ client: reader, name: 'syn2op_held_back', query: held, size: TOGETHER })
}
