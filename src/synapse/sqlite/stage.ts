import type { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { compileStatement, run } from '../../postgres/statement.ts'
import { STAGED_TABLES, type StagedColumn, stagedColumn } from './columns.ts'
import { copyRows, type MisfitCell } from './copy-rows.ts'
import type { Cell } from './fit-cell.ts'

/** A table of the file, and how it is staged. */
interface FileTable {
  readonly name: string
  readonly columns: readonly StagedColumn[]
  /** Lists of columns, of each key and index that is of columns alone. */
  readonly indexes: readonly (readonly string[])[]
  readonly hasRowids: boolean
}

export interface StagedTables {
  readonly tables: number
  readonly rows: number
  /** As they went to PostgreSQL. */
  readonly bytes: number
}

export interface StageOptions {
  /** Within one transaction. */
  readonly from: DatabaseSync
  /** An empty database, and a session of it that nobody else uses. */
  readonly into: pg.Client
  /** Told of every value that PostgreSQL does not take; the staged one is NULL. */
  readonly tell: (table: string, misfit: MisfitCell) => void
  readonly signal: AbortSignal
}

/** SQLite has no binding for names: they are quoted as its grammar wants it. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const readTables = (from: DatabaseSync): readonly FileTable[] => {
  const present = from.prepare(`SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'`).all()
  return present
    .map(({ name, wr }) => ({ name: textOf(name), hasRowids: Number(wr) === 0 }))
    .filter(({ name }) => STAGED_TABLES.includes(name))
    .map(({ name, hasRowids }) => ({
      name,
      hasRowids,
      columns: from
        .prepare('SELECT name, type FROM pragma_table_info(?) ORDER BY cid')
        .all(name)
        .map((column) => stagedColumn(name, { name: textOf(column['name']), declared: textOf(column['type']) })),
      indexes: readIndexes(from, name),
    }))
}

const readIndexes = (from: DatabaseSync, table: string): readonly (readonly string[])[] => {
  const key = from.prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').all(table)
  const others = from
    .prepare('SELECT name FROM pragma_index_list(?)')
    .all(table)
    .map(({ name }) => from.prepare('SELECT name FROM pragma_index_info(?) ORDER BY seqno').all(textOf(name)))
  const lists = [key, ...others].map((columns) => columns.map(({ name }) => textOf(name).toLowerCase()))
  // An expression has no name; an index over some rows only becomes one over all.
  const plain = lists.filter((columns) => columns.length > 0 && !columns.includes(''))
  return [...new Map(plain.map((columns) => [columns.join(','), columns])).values()]
}

const createTable = ({ name, columns }: FileTable): RawBuilder<unknown> =>
  sql`CREATE TABLE ${sql.id(name)} (${sql.join(columns.map((column) => sql`${sql.id(column.name)} ${sql.raw(column.type)}`))})`

/**
 * Text comes as the bytes that it is: as a string a NUL or a byte that is no UTF-8 would be lost without a word. Of
 * anything else in a text column only the kind comes.
 */
const cellExpression = ({ source, type }: StagedColumn): string =>
  type === 'text'
    ? `CASE typeof(${quoted(source)}) WHEN 'text' THEN CAST(${quoted(source)} AS BLOB) WHEN 'null' THEN NULL ELSE 0 END`
    : quoted(source)

const rowsOf = (from: DatabaseSync, { name, columns, hasRowids }: FileTable): Iterable<readonly Cell[]> => {
  const rowid = hasRowids ? 'rowid' : 'NULL'
  const cells = columns.map(cellExpression)
  const statement = from.prepare(
    `SELECT ${[rowid, ...cells].join(', ')} FROM main.${quoted(name)}${hasRowids ? ' ORDER BY rowid' : ''}`,
  )
  statement.setReadBigInts(true)
  statement.setReturnArrays(true)
  return statement.iterate() as unknown as Iterable<readonly Cell[]>
}

const copyTable = async (
  table: FileTable,
  { from, into, tell, signal }: StageOptions,
): Promise<{ readonly rows: number; readonly bytes: number }> => {
  const columns = sql.join(table.columns.map(({ name }) => sql.id(name)))
  const target = into.query(
    copyStreams.from(compileStatement(sql`COPY ${sql.id(table.name)} (${columns}) FROM STDIN (FORMAT binary)`)),
  )
  const chunks = copyRows(table.columns, rowsOf(from, table), (misfit) => tell(table.name, misfit))
  let bytes = 0
  const measured = function* (): Generator<Buffer> {
    for (const chunk of chunks) {
      bytes += chunk.length
      yield chunk
    }
  }
  await pipeline(Readable.from(measured(), { highWaterMark: 2 }), target, { signal })
  return { rows: target.rowCount, bytes }
}

/** PostgreSQL's code for an entry that is too long for an index: SQLite knows no such limit. */
const TOO_LONG_FOR_INDEX = '54000'

const createIndexes = async (into: pg.Client, { name, indexes }: FileTable): Promise<void> => {
  for (const columns of indexes) {
    const list = sql.join(columns.map((column) => sql.id(column)))
    try {
      await run(into, sql`CREATE INDEX ON ${sql.id(name)} (${list})`)
    } catch (error) {
      // Without it everything is the same, but slower.
      if (!(error instanceof pg.DatabaseError && error.code === TOO_LONG_FOR_INDEX)) throw error
    }
  }
}

/**
 * Fills an empty database with the tables that syn2op may read, as Synapse's own would have them: names, types, keys as
 * indexes. No row is left out; a value that does not fit is NULL, and told.
 * @throws Syn2opError run.interrupted, or what SQLite and the server say.
 */
export const stageTables = async (options: StageOptions): Promise<StagedTables> => {
  const { from, into, signal } = options
  const tables = readTables(from)
  const total = { rows: 0, bytes: 0 }
  try {
    for (const table of tables) {
      signal.throwIfAborted()
      await run(into, createTable(table))
      const { rows, bytes } = await copyTable(table, options)
      await createIndexes(into, table)
      await run(into, sql`ANALYZE ${sql.id(table.name)}`)
      total.rows += rows
      total.bytes += bytes
    }
  } catch (error) {
    if (!signal.aborted) throw error
    throw new Syn2opError('run.interrupted', 'The staging of the SQLite file was interrupted', { cause: error })
  }
  return { tables: tables.length, ...total }
}
