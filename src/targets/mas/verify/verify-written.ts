import { sql } from 'kysely'
import type { Client } from 'pg'
import {
  bucketsQuery,
  digestsQuery,
  type OpenedRow,
  openedRowsQuery,
  type RowDigest,
} from '../../../difference/bucket-hash.ts'
import { differingBuckets, rowsOfBuckets, toDifferences } from '../../../difference/compare.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import { faultsOf, movedKeys } from './classify.ts'
import { theirDifferences } from './their-differences.ts'
import { BUCKETS, countRows, OPENED_BUCKETS, SHOWN, type VerifiedTable } from './verified-table.ts'
import { rowsInScope, type Scope, standingQuery, writtenBuckets, writtenDigests } from './written-rows.ts'

/** More keys than these of one table are not opened; they are counted as rows that may differ. */
const OPENED_KEYS = 20_000

export interface WrittenTable {
  readonly shape: TableShape
  /** Position of the table, as written rows name it. */
  readonly table: number
  /** Where the target's rows are looked for. */
  readonly schema: string
  readonly source: Client
  readonly target: Client
  readonly scope: Scope
  /** Owners whose rows at the target are not looked at either; of others out of scope they count as foreign. */
  readonly unseen?: readonly string[]
}

/**
 * Verifies a table of which it is on record what we wrote, in two steps that each stay on one side: what is there
 * against what was last written, and what is wanted against what was last written. So that years of logins at the
 * target, and all the people it has of its own, cost one pass over the table and open nothing.
 */
export const verifyWritten = async (given: WrittenTable): Promise<VerifiedTable> => {
  const started = performance.now()
  const { shape, table, schema, source, target, scope, unseen = [] } = given
  const form = shape.natural
  const wantedRows = rowsInScope(shape.wanted, scope)
  const presentRows = rowsInScope((form.counted ?? form.present)(schema), { without: unseen })
  const [moved, [standing]] = await Promise.all([
    'only' in scope ? ofAccounts(given) : byBuckets(given),
    run(target, standingQuery(form, presentRows, { table, scope, shown: SHOWN })),
  ])
  const keys = moved.keys.slice(0, OPENED_KEYS)
  const open = (client: Client, side: 'wanted' | 'present', of: readonly string[]): Promise<readonly OpenedRow[]> =>
    of.length === 0
      ? Promise.resolve([])
      : run(client, openedRowsQuery(form, side === 'wanted' ? wantedRows : presentRows, { keys: of, mxid: sql`mxid` }))
  const faults = faultsOf(form, {
    wanted: await open(source, 'wanted', keys),
    present: await open(target, 'present', keys),
    written: moved.written,
  })
  const theirKeys = standing?.theirKeys ?? []
  const theirs = theirDifferences(form, {
    wanted: await open(source, 'wanted', theirKeys),
    present: await open(target, 'present', theirKeys),
  })
  const unopened = moved.unopened + moved.keys.length - keys.length
  return {
    verification: {
      table: shape.table,
      relation: shape.relation,
      wanted: moved.wanted,
      present: standing?.present ?? 0,
      missing: faults.missing.length,
      extra: faults.extra.length,
      differing: faults.differing.length,
      ...(unopened > 0 ? { unopened } : {}),
      theirs: standing?.theirs ?? 0,
      foreign: standing?.foreign ?? 0,
      milliseconds: Math.round(performance.now() - started),
    },
    differences: [...toDifferences(form, faults), ...theirs],
  }
}

/** Where the source does not want what was last written. */
interface Moved {
  /** Rows that the source wants, moved or not. */
  readonly wanted: number
  readonly keys: readonly string[]
  /** What was last written, of these keys and perhaps others. */
  readonly written: readonly RowDigest[]
  readonly unopened: number
}

const byBuckets = async ({ shape, table, source, target, scope }: WrittenTable): Promise<Moved> => {
  const rows = rowsInScope(shape.wanted, scope)
  const [wanted, written] = await Promise.all([
    run(source, bucketsQuery(shape.natural, rows, BUCKETS)),
    run(target, writtenBuckets(table, BUCKETS, scope)),
  ])
  const differing = differingBuckets(wanted, written)
  if (differing.length === 0) return { wanted: countRows(wanted), keys: [], written: [], unopened: 0 }
  const opened = { buckets: BUCKETS, wanted: differing.slice(0, OPENED_BUCKETS) }
  const [here, there] = await Promise.all([
    run(source, digestsQuery(shape.natural, rows, opened)),
    run(target, writtenDigests(table, scope, opened)),
  ])
  return {
    wanted: countRows(wanted),
    keys: movedKeys(here, there),
    written: there,
    unopened: rowsOfBuckets(wanted, written, differing.slice(OPENED_BUCKETS)),
  }
}

const ofAccounts = async ({ shape, table, source, target, scope }: WrittenTable): Promise<Moved> => {
  const [here, there] = await Promise.all([
    run(source, digestsQuery(shape.natural, shape.wanted, 'all')),
    run(target, writtenDigests(table, scope, 'all')),
  ])
  return { wanted: here.length, keys: movedKeys(here, there), written: there, unopened: 0 }
}
