import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { ownerHash } from '../difference/owner.ts'
import type { ConflictRules } from '../mapping/mapping.ts'
import { run } from '../postgres/statement.ts'
import { MAS_WRITTEN_TABLES } from '../targets/mas/database/catalogue.ts'
import { JOURNAL_SCHEMA, readRuns } from '../targets/mas/load/journal.ts'
import type { OwnedLink } from './link-place.ts'

/** Names that are looked up at once. */
const AT_ONCE = 10_000

/**
 * Those of whose name MAS has somebody else: a migration into MAS holds them back, and its user is not to get their link.
 * @param usernames what the migration makes of a name that is taken; absent: as its last run found it.
 * @returns their Matrix ids.
 * @throws Syn2opError database.not-allowed, run.other-format where what is on record there cannot be read.
 */
export const masStrangers = async (
  client: Client,
  links: readonly OwnedLink[],
  usernames: ConflictRules['username'] | undefined,
): Promise<ReadonlySet<string>> => {
  const strangers = new Set<string>()
  if (usernames === 'adopt') return strangers
  const hasJournal = (await readRuns(client)).length > 0
  const isStranger = hasJournal ? onRecord(usernames) : sql`${usernames === 'hold_back'}::boolean`
  for (let first = 0; first < links.length; first += AT_ONCE) {
    const mxids = links.slice(first, first + AT_ONCE).map(({ mxid }) => mxid)
    const rows = await run(
      client,
      sql<{ mxid: string }>`
        SELECT w.mxid
        FROM (SELECT mxid, ${ownerHash(sql`mxid`)} AS owner FROM unnest(${mxids}::text[]) u (mxid)) w
        WHERE ${isStranger}`,
    )
    for (const { mxid } of rows) strangers.add(mxid)
  }
  return strangers
}

/** Of an account `w`. */
const onRecord = (usernames: ConflictRules['username'] | undefined): RawBuilder<unknown> =>
  usernames === undefined
    ? sql`EXISTS (
        SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'account')} a WHERE a.owner = w.owner AND a.conflict = 'username_taken'
      )`
    : sql`NOT EXISTS (
        SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} r
        WHERE r.owner = w.owner AND r.table_number = ${sql.lit(MAS_WRITTEN_TABLES.indexOf('users'))}
      )`
