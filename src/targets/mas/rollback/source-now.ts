import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash, rowDigest } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { DecidedSource } from '../../batch.ts'
import type { Stoppable } from '../../target.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import type { MergeTable } from '../merge/merge-table.ts'
import { formerHolder, JUDGEMENTS, type MasAccounts, now } from './judgements.ts'
import { SCOPE } from './rollback-work.ts'

/** More accounts than a statement can well name: then all rows of the source are looked at. */
const NAMED = 20_000

/**
 * Copies beside MAS's tables what the source has now of the accounts of which rows are to be restored. The rows pass as buffers.
 * @throws Syn2opError database.failed
 */
export const readSourceNow = async (
  { client, tables, covered, ...accounts }: SourceNow,
  { readers, signal }: DecidedSource & Stoppable,
): Promise<void> => {
  const owners = await run<{ owner: string }>(
    client,
    sql`
      WITH image AS MATERIALIZED (
        SELECT i.owner, i.table_number, i.image
        FROM ${SCOPE} s
        JOIN ${sql.id(JOURNAL_SCHEMA, 'before_image')} i ON i.owner = s.owner
        WHERE ${covered}
      )
      SELECT i.owner::text AS owner FROM image i
      ${sql.join(
        tables
          .filter(({ table }) => table === 'upstream_oauth_links')
          .map(
            (table) => sql`
            UNION
            SELECT (${ownerHash(formerHolder(table, accounts))})::text
            FROM image i
            WHERE i.table_number = ${table.number}::smallint AND ${formerHolder(table, accounts)} IS NOT NULL`,
          ),
        sql``,
      )}
    `,
  )
  for (const table of tables.filter((one) => JUDGEMENTS[one.table] !== undefined)) {
    await makeTable(client, table)
    const [reader] = readers
    if (owners.length === 0 || reader === undefined) continue
    const { natural, wanted } = table.shape
    const columns = sql.join(natural.columns.map(({ name }) => sql.id(name)))
    const named = sql.join(owners.map(({ owner }) => sql`${sql.lit(owner)}::bigint`))
    const among = owners.length > NAMED ? sql`true` : sql`${ownerHash(sql`mxid`)} IN (${named})`
    await copyBetween({
      from: reader,
      to: client,
      select: compileStatement(sql`SELECT ${columns} FROM (${wanted}) wanted WHERE ${among}`),
      into: compileStatement(sql`COPY ${now(table)} (${columns}) FROM STDIN (FORMAT binary)`),
      what: `what the source has now for ${table.table}`,
      signal,
    })
    await run(client, sql`ANALYZE ${now(table)}`)
  }
}

export interface SourceNow extends MasAccounts {
  readonly client: Client
  readonly tables: readonly MergeTable[]
  /** Of a before-image `i`: whether it is of what is taken back. */
  readonly covered: RawBuilder<boolean>
}

const makeTable = async (client: Client, table: MergeTable): Promise<void> => {
  const { natural } = table.shape
  const columns = natural.columns.map(({ name, type }) => sql`${sql.id(name)} ${sql.raw(type)}`)
  await run(
    client,
    sql`
      CREATE TEMPORARY TABLE ${sql.id(`rollback_now_${table.table}`)} (
        ${sql.join(columns)},
        key bigint GENERATED ALWAYS AS (${keyHash(natural)}) STORED,
        digest bigint GENERATED ALWAYS AS (${rowDigest(natural)}) STORED
      );
      CREATE INDEX ON ${now(table)} (key)
    `,
  )
}
