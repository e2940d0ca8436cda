import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import {
  type Bucket,
  isOpened,
  keyHash,
  type Opened,
  type RowDigest,
  rowDigest,
} from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import type { NaturalForm } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'

/** Which rows are looked at: all but those of some owners, or those of some owners only. */
export type Scope = { readonly without: readonly string[] } | { readonly only: readonly string[] }

/**
 * Rows as the source should want them, by what is on record: those that we wrote, and those that were left to people of
 * the target.
 */
const settledRows = (table: number, scope: Scope): RawBuilder<unknown> => sql`
  SELECT key, digest
  FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} w
  WHERE ${ofTable(table, scope)}
    AND NOT EXISTS (
      SELECT
      FROM ${sql.id(JOURNAL_SCHEMA, 'left_row')} l
      WHERE l.owner = w.owner AND l.table_number = w.table_number AND l.key = w.key AND l.digest IS NULL
    )
  UNION ALL
  SELECT key, digest
  FROM ${sql.id(JOURNAL_SCHEMA, 'left_row')}
  WHERE digest IS NOT NULL AND ${ofTable(table, scope)}`

/** Rows that are on record, each as it was written; without a digest where what is there is not what the source wants. */
const recordedRows = (table: number, scope: Scope): RawBuilder<unknown> => sql`
  SELECT w.key, CASE WHEN l.key IS NULL THEN w.digest END AS digest
  FROM (SELECT * FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')} WHERE ${ofTable(table, scope)}) w
  LEFT JOIN ${sql.id(JOURNAL_SCHEMA, 'left_row')} l
    ON l.owner = w.owner AND l.table_number = w.table_number AND l.key = w.key
  UNION ALL
  SELECT key, digest
  FROM ${sql.id(JOURNAL_SCHEMA, 'left_row')}
  WHERE digest IS NOT NULL AND ${ofTable(table, scope)}`

const ofTable = (table: number, scope: Scope): RawBuilder<unknown> =>
  sql`table_number = ${sql.lit(table)} AND ${inScope(sql`owner`, scope)}`

/** Rows of a query that has a column mxid, within a scope. */
export const rowsInScope = (rows: RawBuilder<unknown>, scope: Scope): RawBuilder<unknown> =>
  'without' in scope && scope.without.length === 0
    ? rows
    : sql`SELECT * FROM (${rows}) rows WHERE ${inScope(ownerHash(sql`mxid`), scope)}`

const inScope = (owner: RawBuilder<unknown>, scope: Scope): RawBuilder<unknown> => {
  if ('only' in scope) return sql`${owner} = ANY (${scope.only}::bigint[])`
  return scope.without.length === 0 ? sql`true` : sql`(${owner} = ANY (${scope.without}::bigint[])) IS NOT TRUE`
}

/** What we last wrote, in buckets of its keys. */
export const writtenBuckets = (table: number, buckets: number, scope: Scope): RawBuilder<Bucket> => sql`
  SELECT
    (key & ${sql.lit(buckets - 1)})::integer AS bucket,
    count(*)::integer AS count,
    sum(digest)::text AS sum,
    bit_xor(digest)::text AS xor
  FROM (${settledRows(table, scope)}) written
  GROUP BY 1
`

export const writtenDigests = (table: number, scope: Scope, opened: Opened | 'all'): RawBuilder<RowDigest> => sql`
  SELECT key::text AS key, digest::text AS digest
  FROM (${settledRows(table, scope)}) written
  WHERE ${opened === 'all' ? sql`true` : isOpened(sql`key`, opened)}
`

/** How what is there stands to what we last wrote. */
export interface Standing {
  readonly present: number
  /** Never written by us. */
  readonly foreign: number
  /** Written by us and gone or changed, and rows that were put beside them under their keys. */
  readonly theirs: number
  /** Keys of the first of these. */
  readonly theirKeys: readonly string[]
}

/** Compares what is there with what we last wrote, where both stand: nothing is opened. */
export const standingQuery = (
  form: NaturalForm,
  present: RawBuilder<unknown>,
  options: { readonly table: number; readonly scope: Scope; readonly shown: number },
): RawBuilder<Standing> => {
  const isTheirs = sql`w.key IS NOT NULL AND p.digest IS DISTINCT FROM w.digest`
  return sql`
    SELECT
      count(p.key)::integer AS present,
      count(*) FILTER (WHERE w.key IS NULL)::integer AS foreign,
      count(*) FILTER (WHERE ${isTheirs})::integer AS theirs,
      coalesce(
        (array_agg(w.key::text ORDER BY w.key) FILTER (WHERE ${isTheirs}))[1:${sql.lit(options.shown)}],
        '{}'
      ) AS "theirKeys"
    FROM (SELECT ${keyHash(form)} AS key, ${rowDigest(form)} AS digest FROM (${present}) rows) p
    FULL JOIN (${recordedRows(options.table, options.scope)}) w ON w.key = p.key
  `
}

/** Whether it is on record what we wrote. */
export const hasWrittenRows = async (client: Client): Promise<boolean> => {
  const [row] = await run<{ has: boolean }>(
    client,
    sql`SELECT EXISTS (SELECT FROM ${sql.id(JOURNAL_SCHEMA, 'written_row')}) AS has`,
  )
  return row?.has === true
}

/** Owners whose accounts were held back since somebody else's rows are in the way. */
export const ownersInConflict = async (client: Client): Promise<readonly string[]> => {
  const rows = await run<{ owner: string }>(
    client,
    sql`
      SELECT owner::text AS owner
      FROM ${sql.id(JOURNAL_SCHEMA, 'account')}
      WHERE conflict IS NOT NULL
    `,
  )
  return rows.map(({ owner }) => owner)
}
