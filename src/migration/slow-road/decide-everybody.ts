import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import { accountDigests, type DigestedAccount } from '../../accounts/decisions/account-digests.ts'
import { decisions } from '../../accounts/decisions/decisions.ts'
import { eachPage } from '../../postgres/cursor.ts'
import type { DecidableSource } from './read-batch.ts'

/** Rows that are in memory at a time. */
const PAGE = 5000

/**
 * The decision about everybody, in the snapshot that the reader stands in, a page at a time.
 * @param members who is in which cohort; absent: there are none.
 */
export async function* decideEverybody(
  reader: Client,
  { relations, rules }: DecidableSource,
  members?: RawBuilder<unknown>,
): AsyncGenerator<readonly DigestedAccount[]> {
  yield* eachPage({
    client: reader,
    name: 'syn2op_everybody',
    query: accountDigests(decisions(relations, rules), members),
    size: PAGE,
  })
}
