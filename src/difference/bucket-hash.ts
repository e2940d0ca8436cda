import { type RawBuilder, sql } from 'kysely'
import { ownerHash } from './owner.ts'
import type { RowForm } from './table-shape.ts'

/** Rows of one bucket as three numbers that differ, but for a chance of 2⁻⁶⁴, when the rows do. */
export interface Bucket {
  readonly bucket: number
  readonly count: number
  /** Exact numbers, as text: the sum and the exclusive or of the rows' 64-bit hashes. */
  readonly sum: string
  readonly xor: string
}

/**
 * Hashes the rows of a query into buckets of their natural key. Both sides are hashed where they stand: PostgreSQL's
 * hash functions see the same bytes in a bytea of 16 bytes and a uuid, in a bigint and a timestamptz. The sum and the
 * exclusive or together, since twins cancel each other in the latter.
 * @param rows a query that yields the form's columns.
 * @param buckets a power of two.
 */
export const bucketsQuery = (form: RowForm, rows: RawBuilder<unknown>, buckets: number): RawBuilder<Bucket> => sql`
  SELECT
    bucket::integer AS bucket,
    count(*)::integer AS count,
    sum(hash)::text AS sum,
    bit_xor(hash)::text AS xor
  FROM (
    SELECT
      ${keyHash(form)} & ${sql.lit(buckets - 1)} AS bucket,
      ${rowDigest(form)} AS hash
    FROM (${rows}) rows
  ) hashed
  GROUP BY bucket
`

/** One row opened: hashes instead of values, so that no secret leaves its database. */
export interface OpenedRow {
  readonly key: string
  /** The hash of each column, in the form's order. */
  readonly hashes: readonly string[]
  /** The key's columns as text, secret ones as NULL. */
  readonly words: readonly (string | null)[]
  readonly mxid: string | null
  /** The hash of all columns. */
  readonly digest: string
}

/** Which rows are opened: those of some buckets, or those of some keys. */
export type Opened =
  | { readonly buckets: number; readonly wanted: readonly number[] }
  | { readonly keys: readonly string[] }

/**
 * Rows opened: each column's hash, by which the columns that differ are named.
 * @param mxid SQL that names the account; on the target side NULL.
 */
export const openedRowsQuery = (
  form: RowForm,
  rows: RawBuilder<unknown>,
  options: Opened & { readonly mxid: RawBuilder<unknown> },
): RawBuilder<OpenedRow> => {
  const secret = new Set(form.columns.filter((column) => column.secret).map(({ name }) => name))
  const words = form.key.map((name) => (secret.has(name) ? sql`NULL::text` : asWords(name)))
  return sql`
    SELECT
      (${keyHash(form)})::text AS key,
      array[${sql.join(form.columns.map(({ name }) => sql`(${rowHash([name])})::text`))}] AS hashes,
      array[${sql.join(words)}] AS words,
      ${options.mxid} AS mxid,
      (${rowDigest(form)})::text AS digest
    FROM (${rows}) rows
    WHERE ${isOpened(keyHash(form), options)}
  `
}

/** Whether a row, by the hash of its key, is among those that are opened. */
export const isOpened = (key: RawBuilder<unknown>, opened: Opened): RawBuilder<unknown> =>
  'keys' in opened
    ? sql`${key} = ANY (${opened.keys}::bigint[])`
    : sql`(${key} & ${sql.lit(opened.buckets - 1)}) IN (${sql.join(opened.wanted.map((one) => sql.lit(one)))})`

/** A row as two numbers: which it is, and what it says. */
export interface RowDigest {
  readonly key: string
  readonly digest: string
}

/** Rows as their key and digest only. */
export const digestsQuery = (
  form: RowForm,
  rows: RawBuilder<unknown>,
  opened: Opened | 'all',
): RawBuilder<RowDigest> => sql`
  SELECT (${keyHash(form)})::text AS key, (${rowDigest(form)})::text AS digest
  FROM (${rows}) rows
  WHERE ${opened === 'all' ? sql`true` : isOpened(keyHash(form), opened)}
`

/** A uuid or a bytea of 16 bytes, and text, read the same. */
const asWords = (name: string): RawBuilder<unknown> => sql`replace(ltrim(${sql.id(name)}::text, '\\x'), '-', '')`

/** 64 bits of a row's natural key. */
export const keyHash = ({ key }: RowForm): RawBuilder<unknown> => rowHash(key, KEY_SEED)

/** 64 bits of all that is compared of a row: what the journal keeps as the digest of what was last written. */
export const rowDigest = ({ columns }: RowForm): RawBuilder<unknown> => rowHash(columns.map(({ name }) => name))

const rowHash = (columns: readonly string[], seed = ROW_SEED): RawBuilder<unknown> =>
  sql`hash_record_extended(row(${sql.join(columns.map((name) => sql.id(name)))}), ${sql.lit(seed)})`

const ROW_SEED = 1
const KEY_SEED = 2

/**
 * True on a server whose hash functions give what both sides rely on: equal hashes for the two shapes of one value.
 * The numbers are compared between the servers too.
 */
export const hashSelfTest: RawBuilder<{ source: string; target: string; owner: string }> = sql`
  SELECT
    hash_record_extended(
      row('\\x00112233445566778899aabbccddeeff'::bytea, 86400000000::bigint, 'x'::text, true, 1::integer, '::1'::inet, NULL::bytea),
      ${sql.lit(ROW_SEED)}
    )::text AS source,
    hash_record_extended(
      row('00112233-4455-6677-8899-aabbccddeeff'::uuid, '2000-01-02 00:00:00+00'::timestamptz, 'x'::text, true, 1::integer, '::1'::inet, NULL::uuid),
      ${sql.lit(ROW_SEED)}
    )::text AS target,
    (${ownerHash(sql`'@zoë.例え:example.org'::text`)})::text AS owner
`
