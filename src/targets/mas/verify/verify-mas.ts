import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { ownerHash } from '../../../difference/owner.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import type { VerifySource } from '../../sql-road.ts'
import type { Stoppable, VerifyResult } from '../../target.ts'
import { withConnections } from '../connections.ts'
import { RECORDING, readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { closeIdle, giveConnection, giveUpConnection, takeConnection } from '../merge/batch-connections.ts'
import { standsAside } from '../road/location.ts'
import { masTables } from '../rows/tables.ts'
import { APART_SCHEMA, accountsApart } from './accounts-apart.ts'
import { linksOfOthers } from './links-of-others.ts'
import { verifyEach } from './verified-table.ts'
import { verifyIdentifiers } from './verify-identifiers.ts'
import { verifyWritten } from './verify-written.ts'
import { hasWrittenRows, ownersInConflict } from './written-rows.ts'

/**
 * Compares MAS's rows with what the source makes of itself. After one load into an empty MAS, identifiers and all;
 * after runs that went on from what was there, whose identifiers are kept, by natural keys and against what is on
 * record as written. Where the tables stand now is where they are looked for.
 */
export const verifyMas = async (database: MasDatabase, source: VerifySource): Promise<VerifyResult> => {
  const result = await compare(database, source)
  return (await standsAside(database.control)) ? asOfACopy(result) : result
}

const compare = async (database: MasDatabase, source: VerifySource): Promise<VerifyResult> => {
  const { control } = database
  const runs = (await readRuns(control)).filter(({ state }) => state === 'done' || state === 'open')
  const shapes = masTables(database.rows(source.decisions, runs[0]?.identifierMethod ?? 'fast'))
  const schema = await database.schema()
  const { readers: sources, signal } = source
  // Where nothing is on record, either nothing was written or a load ended before it could record what was.
  const isOnRecord = async (): Promise<boolean> =>
    runs.every(({ activity }) => activity !== RECORDING) || (await hasWrittenRows(control))
  // What a load wrote of everybody is not what is wanted where somebody is left out.
  const isPlain = runs.every(({ kind }) => kind === 'load') && (source.without ?? []).length === 0
  const wentOn = !isPlain && (await isOnRecord())

  if (source.accounts !== undefined && wentOn)
    return verifyAccounts(database, { shapes, schema, sources, signal }, source.accounts)

  // Whoever merged before has no use for them any more.
  await closeIdle(database)
  const wanted = { name: 'syn2op verify', access: 'read-only', count: sources.length, needed: 1 } as const
  return withConnections(database, wanted, async (targets) => {
    const ends = { sources, targets, signal }
    if (!wentOn) {
      const areKnown = runs.length > 0 && (await isOnRecord())
      return verifyEach(shapes, ends, async (shape, pair) => {
        const others =
          areKnown && shape.table === 'upstream_oauth_links'
            ? await linksOfOthers(pair.target, shape, { table: pair.table, schema })
            : undefined
        return verifyIdentifiers(shape, { ...pair, schema, others })
      })
    }
    const inConflict = await ownersInConflict(control)
    const unseen = source.without ?? []
    const without = [...new Set([...inConflict, ...unseen])]
    const result = await verifyEach(shapes, ends, (shape, pair) =>
      verifyWritten({ shape, ...pair, schema, scope: { without }, unseen }),
    )
    return inConflict.length === 0 ? result : { ...result, inConflict: inConflict.length }
  })
}

/** Nobody but us has any business in a copy that stands aside: what is not as we wrote it there is wrong. */
const asOfACopy = ({ tables, differences, ...rest }: VerifyResult): VerifyResult => ({
  ...rest,
  tables: tables.map(({ theirs = 0, foreign = 0, ...table }) => ({
    ...table,
    differing: table.differing + theirs,
    extra: table.extra + foreign,
    theirs: 0,
    foreign: 0,
  })),
  differences: differences.map((one) =>
    one.kind === 'theirs' ? { ...one, kind: one.columns.length === 0 ? 'missing' : 'differs' } : one,
  ),
})

interface Places extends Stoppable {
  readonly shapes: readonly TableShape[]
  readonly schema: string
  readonly sources: readonly Client[]
}

/** Of some accounts, row by row, without a look at the others'. */
const verifyAccounts = async (
  database: MasDatabase,
  { shapes, schema, sources, signal }: Places,
  accounts: readonly string[],
): Promise<VerifyResult> => {
  const target = await takeConnection(database)
  try {
    const only = await ownersOf(target, accounts)
    await accountsApart(target, schema, accounts.map(localpart))
    const targets = sources.map(() => target)
    return await verifyEach(shapes, { sources, targets, signal }, (shape, ends) =>
      verifyWritten({ shape, ...ends, schema: APART_SCHEMA, scope: { only } }),
    )
  } finally {
    // With its transaction the temporary tables end.
    await run(target, sql`ROLLBACK`).then(
      () => giveConnection(database, target),
      () => giveUpConnection(database, target),
    )
  }
}

const localpart = (mxid: string): string => mxid.slice(1, mxid.indexOf(':'))

const ownersOf = async (client: Client, mxids: readonly string[]): Promise<readonly string[]> => {
  const owner: RawBuilder<unknown> = ownerHash(sql`mxid`)
  const rows = await run<{ owner: string }>(
    client,
    sql`SELECT (${owner})::text AS owner FROM unnest(${mxids}::text[]) mxid`,
  )
  return rows.map((row) => row.owner)
}
