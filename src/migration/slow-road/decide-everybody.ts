import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { accountDigests, type DigestedAccount } from '../../accounts/decisions/account-digests.ts'
import { decisions } from '../../accounts/decisions/decisions.ts'
import { run } from '../../postgres/statement.ts'
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
  const cursor = sql.id('syn2op_everybody')
  await run(reader, sql`DECLARE ${cursor} NO SCROLL CURSOR FOR ${accountDigests(decisions(relations, rules), members)}`)
  for (;;) {
    const page = await run<DigestedAccount>(reader, sql`FETCH ${sql.lit(PAGE)} FROM ${cursor}` as never)
    if (page.length === 0) break
    yield page
  }
  await run(reader, sql`CLOSE ${cursor}`)
}
