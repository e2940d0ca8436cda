import type { AccountDecision } from '../targets/batch.ts'
import type { RecordedDecisions, SqlRoad } from '../targets/sql-road.ts'
import type { Stoppable } from '../targets/target.ts'
import { accountPrints } from './account-prints.ts'
import { namesOfOwners } from './candidates.ts'
import type { Prepared } from './prepare.ts'

/** The accounts that a run looks at again, and what is on record of the others. */
export interface Candidates {
  readonly count: number
  readonly recorded: readonly RecordedDecisions[]
  /** In the order of their names, those that are gone from the source among them. To be read once. */
  pages(): AsyncGenerator<readonly AccountDecision[]>
}

/** Finds the accounts of the source that are not as they were when they were last written. */
export const findCandidates = async (
  prepared: Pick<Prepared, 'target' | 'readers' | 'scout' | 'source' | 'decisions'>,
  road: SqlRoad,
  stop: Stoppable,
): Promise<Candidates> => {
  const { target, readers, scout, decisions } = prepared
  const { relations, rules } = prepared.source
  const { owners, gone } = await road.changedOwners(accountPrints({ relations, decisions, rules, readers }), stop)
  const recorded = await road.recordedDecisions()
  const count = owners.length + gone.length
  const size = pageSize(count, { lanes: readers.length, most: target.batchSize })
  return {
    count,
    recorded,
    pages: () => paged(merged(namesOfOwners({ reader: scout, relations, rules, owners, size }), gone), size),
  }
}

/** Fewer than these cost as much as these: a batch takes some tens of statements, however small it is. */
const WORTHWHILE = 1000

/** As many accounts for every lane, more than once each: the slowest batch is what all wait for in the end. */
const pageSize = (count: number, { lanes, most }: { readonly lanes: number; readonly most: number }): number =>
  Math.min(most, Math.max(WORTHWHILE, Math.ceil(count / (2 * lanes))))

/** Names of the source and names of the gone in one order: that of their code points. */
async function* merged(
  named: AsyncGenerator<readonly AccountDecision[]>,
  gone: readonly string[],
): AsyncGenerator<AccountDecision> {
  const left = gone.toSorted(byCodePoints)
  for await (const page of named) {
    for (const account of page) {
      while (left[0] !== undefined && byCodePoints(left[0], account.mxid) < 0) yield goneAccount(left.shift())
      yield account
    }
  }
  while (left.length > 0) yield goneAccount(left.shift())
}

const goneAccount = (mxid = ''): AccountDecision => ({ mxid, decision: 'gone' })

/** As PostgreSQL's collation "C" orders UTF-8; JavaScript's own order of UTF-16 differs beyond the first plane. */
const byCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

async function* paged(
  accounts: AsyncGenerator<AccountDecision>,
  size: number,
): AsyncGenerator<readonly AccountDecision[]> {
  let page: AccountDecision[] = []
  for await (const account of accounts) {
    page.push(account)
    if (page.length < size) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
