import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import { accountDigests, type DigestedAccount } from '../../accounts/decisions/account-digests.ts'
import { decisions } from '../../accounts/decisions/decisions.ts'
import { eachPage } from '../../postgres/cursor.ts'
import type { Naming } from '../naming.ts'
import type { DecidableSource } from './read-batch.ts'

/** Rows that are in memory at a time. */
const PAGE = 5000

/**
 * The decision about everybody, in the snapshot that the reader stands in, a page at a time.
 * @param members who is in which cohort; absent: there are none.
 */
export async function* decideEverybody(
  reader: Client,
  { relations, rules, naming }: DecidableSource,
  members?: RawBuilder<unknown>,
): AsyncGenerator<readonly DigestedAccount[]> {
  const query = accountDigests(decisions(relations, rules), members)
  for await (const page of eachPage({ client: reader, name: 'syn2op_everybody', query, size: PAGE })) {
    yield naming === undefined ? page : page.map((account) => named(account, naming))
  }
}

/** Under its username; another shape is another digest. */
const named = (account: DigestedAccount, naming: Naming): DigestedAccount => {
  const { mxid, digest, reason } = account
  const settled = mxid === null || reason !== null ? undefined : naming.settled(mxid)
  return settled === undefined
    ? account
    : { ...account, localpart: settled.username, digest: `${digest ?? ''}.${settled.digest}` }
}
