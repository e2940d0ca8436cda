import { sql } from 'kysely'
import { REST } from '../mapping/mapping.ts'
import { run } from '../postgres/statement.ts'
import type { AccountDecision } from '../targets/batch.ts'
import type { RecordedDecisions, SqlRoad } from '../targets/sql-road.ts'
import type { Stoppable } from '../targets/target.ts'
import { namesOfOwners } from './candidates.ts'
import { printsOf } from './cohort-prints.ts'
import type { Prepared } from './prepare.ts'

/** The accounts that a run looks at again, and what is on record of the others. */
export interface Candidates {
  readonly count: number
  readonly recorded: readonly RecordedDecisions[]
  /** Those that are to be done, those that are gone from the source among them. To be read once. */
  pages(): AsyncGenerator<readonly AccountDecision[]>
  /** Those beyond the limit of this run, once all pages are read. */
  beyondLimit(): AsyncGenerator<readonly AccountDecision[]>
}

export interface CandidateOptions extends Stoppable {
  /** Only those of this one. */
  readonly cohort?: string
  /** With those of which this run wrote rows: another process may not have compared them. */
  readonly writtenBy?: string
  /** At most so many, who differ before those who are only looked at by every run. */
  readonly limit?: number
  /** Whom the target has refused before: with a limit they come after all others who differ. */
  readonly refused?: ReadonlySet<string>
  /** How many accounts make a batch; absent: as many as the target takes at most. */
  readonly batchSize?: number
}

/** Finds the accounts of the source that are not as they were when they were last written. */
export const findCandidates = async (
  prepared: Pick<Prepared, 'target' | 'readers' | 'scout' | 'source' | 'decisions'>,
  road: SqlRoad,
  { cohort, writtenBy, limit, refused = NOBODY, batchSize = prepared.target.batchSize, signal }: CandidateOptions,
): Promise<Candidates> => {
  const { target, readers, scout } = prepared
  const { relations, rules } = prepared.source
  const part = cohort === undefined ? {} : { cohort }
  const changed = await road.changedOwners(await printsOf(prepared, road, cohort), {
    ...part,
    ...(writtenBy === undefined ? {} : { writtenBy }),
    signal,
  })
  const { owners, gone } = changed
  const recorded = await road.recordedDecisions(part)
  const named = (some: readonly string[]) =>
    namesOfOwners({ reader: scout, relations, rules, owners: some, size: target.batchSize })
  const accounts =
    limit === undefined
      ? merged(named(owners), gone)
      : inTurn(last(refused, merged(named(without(owners, changed.always)), gone)), merged(named(changed.always), []))
  const count = Math.min(limit ?? Number.POSITIVE_INFINITY, owners.length + gone.length)
  return {
    count,
    recorded: [...recorded, ...(cohort === undefined || cohort === REST ? await namelessAccounts(prepared) : [])],
    pages: () => paged(first(accounts, limit), shared(count, readers.length, batchSize)),
    beyondLimit: () => paged(limit === undefined ? inTurn() : accounts, target.batchSize),
  }
}

const NOBODY: ReadonlySet<string> = new Set()

/** Below this, what a batch costs whatever is in it is the most of it. */
const SMALL = 250

/** As large as batches may be, but where so few are to be done that some of those who do them would have none. */
const shared = (count: number, lanes: number, most: number): number =>
  Math.min(most, Math.max(SMALL, Math.ceil(count / lanes)))

const without = (owners: readonly string[], others: readonly string[]): readonly string[] => [
  ...new Set(owners).difference(new Set(others)),
]

/** Accounts whose name is NULL are nobody's: held back, of the rest, and never in a batch. */
const namelessAccounts = ({
  scout,
  source,
}: Pick<Prepared, 'scout' | 'source'>): Promise<readonly RecordedDecisions[]> =>
  run<RecordedDecisions>(
    scout,
    sql`
      SELECT 'malformed_mxid' AS reason, count(*) AS count
      FROM ${source.relations.users} x
      WHERE name IS NULL
      HAVING count(*) > 0
    `,
  )

async function* inTurn<One>(...several: readonly AsyncGenerator<One>[]): AsyncGenerator<One> {
  for (const one of several) yield* one
}

/** All of them, some after all others. */
async function* last(some: ReadonlySet<string>, all: AsyncGenerator<AccountDecision>): AsyncGenerator<AccountDecision> {
  const later: AccountDecision[] = []
  for await (const account of all) {
    if (some.has(account.mxid)) later.push(account)
    else yield account
  }
  yield* later
}

/** The first of them; the others are left where they are, for whoever reads on. */
async function* first<One>(all: AsyncGenerator<One>, limit = Number.POSITIVE_INFINITY): AsyncGenerator<One> {
  for (let given = 0; given < limit; given++) {
    const next = await all.next()
    if (next.done === true) return
    yield next.value
  }
}

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
  batchSize: number,
): AsyncGenerator<readonly AccountDecision[]> {
  let page: AccountDecision[] = []
  for await (const account of accounts) {
    page.push(account)
    if (page.length < batchSize) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
