import { type RawBuilder, sql } from 'kysely'
import { eachRow } from '../../postgres/cursor.ts'
import type { Row } from './mask/masker.ts'
import { keptColumns, type SampledSource } from './source-of-sample.ts'
import { ownerColumn } from './tables.ts'

/** Of a table without people so many rows are kept of some; of accounts without a name as many. */
const WITHOUT_OWNER = { rows: 500, names: 3 } as const

/**
 * The rows of a table that a sample keeps, each column as PostgreSQL writes it as text, in an order that says nothing of the
 * people.
 * @param mxids whose rows; `everybody`: all rows.
 */
export const rowsOf = (
  source: SampledSource,
  table: string,
  mxids: readonly string[] | 'everybody',
): AsyncIterable<Row> => {
  const columns = keptColumns(source, table) ?? []
  const cells = sql.join(columns.map((column) => sql`t.${sql.id(column)}::text AS ${sql.id(column)}`))
  const owner = ownerColumn(table)
  const order = sql.join([
    ...(owner === undefined ? [] : [hashed(sql`t.${sql.id(owner)}`, source.seed)]),
    ...columns.map((column) => hashed(sql`t.${sql.id(column)}`, source.seed)),
  ])
  const from = sql`SELECT ${cells} FROM ${sql.id(source.catalogue.schema, table)} t`
  const query = (where: RawBuilder<unknown>, limit: RawBuilder<unknown>): RawBuilder<Row> =>
    sql`${from} WHERE ${where} ORDER BY ${order} ${limit}`
  const read = (where: RawBuilder<unknown>, limit = sql``): AsyncIterable<Row> =>
    eachRow(source.reader, `rows_of_${table}`, query(where, limit))
  if (mxids === 'everybody') return read(sql`true`)
  if (owner === undefined) return read(sql`true`, sql`LIMIT ${sql.lit(WITHOUT_OWNER.rows)}`)
  if (table !== 'users') return read(belongs(source, table, mxids))
  return both(
    read(sql`t.name = ANY(${[...mxids]}::text[])`),
    read(sql`t.name IS NULL`, sql`LIMIT ${sql.lit(WITHOUT_OWNER.names)}`),
  )
}

const hashed = (value: RawBuilder<unknown>, seed: bigint): RawBuilder<unknown> =>
  sql`hashtextextended(${value}::text, ${sql.lit(String(seed))}::bigint)`

const belongs = (
  { homeserver: { serverName } }: SampledSource,
  table: string,
  mxids: readonly string[],
): RawBuilder<unknown> => {
  if (table !== 'profiles') return sql`t.user_id = ANY(${[...mxids]}::text[])`
  const own = `:${serverName}`
  // Synapse cuts at the first colon.
  const localparts = mxids.flatMap((mxid) => {
    if (!mxid.endsWith(own)) return []
    const localpart = mxid.replace(/^@/u, '').slice(0, -own.length)
    return [...new Set([localpart, localpart.split(':')[0] ?? ''])]
  })
  return sql`t.user_id = ANY(${localparts}::text[])`
}

async function* both<Each>(first: AsyncIterable<Each>, second: AsyncIterable<Each>): AsyncGenerator<Each> {
  yield* first
  yield* second
}
