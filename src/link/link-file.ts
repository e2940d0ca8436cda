import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { RawBuilder } from 'kysely'
import pg from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { compileStatement } from '../postgres/statement.ts'
import { causeOf } from '../report/write-whole.ts'
import { syn2opVersion } from '../version.ts'
import type { LinkPlace } from './link-place.ts'

/** Rows of one statement: short enough to be read, long enough to be fast. */
const ROWS = 1000

/** Only their owner reads whom they name. */
const MODE = 0o600

/** Links as SQL for psql, and what takes exactly them back. */
export interface LinkFiles {
  readonly link: string
  readonly unlink: string
}

/** `link.sql` has its inverse beside it, as `unlink.sql`. */
export const linkFilesAt = (file: string): LinkFiles => ({
  link: file,
  unlink: join(dirname(file), `un${basename(file)}`),
})

export interface LinkStatements {
  readonly place: Pick<LinkPlace, 'product' | 'columns' | 'key' | 'hasUnfinished' | 'table' | 'mustStop'>
  readonly schema: string
  readonly rows: readonly (readonly string[])[]
  readonly serverName: string
  /** Of a row `t` of the table: it stays when the others are taken back. */
  readonly isUsed: RawBuilder<unknown>
}

/**
 * Writes both files. One that is there stays: it may be the only way back from links that were written.
 * @throws Syn2opError report.unwritable
 */
export const writeLinkFiles = async ({ link, unlink }: LinkFiles, statements: LinkStatements): Promise<void> => {
  await write(unlink, unlinkSql(statements))
  await write(link, linkSql(statements))
}

const write = async (file: string, lines: Iterable<string>): Promise<void> => {
  try {
    await writeFile(file, lines, { flag: 'wx', mode: MODE, flush: true })
  } catch (error) {
    throw new Syn2opError('report.unwritable', `${file} cannot be written: ${causeOf(error) ?? 'it fails'}`, {
      cause: error,
      next: ['Name another file, or move the one that is there out of the way: it may be the way back from a link.'],
    })
  }
}

/** Writes them, but for those in whose way another link has come meanwhile; all of them or none. */
export function* linkSql({ place, schema, rows, serverName }: LinkStatements): Generator<string> {
  const { columns, product } = place
  yield* begin(`Links ${rows.length} accounts of ${serverName} in ${product}`, place)
  const names = columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
  for (const some of pages(rows)) {
    yield `INSERT INTO ${tableName(schema, place.table)} AS present (${names})\nSELECT v.* FROM (VALUES\n`
    yield `${some.map((row) => valuesOf(row, place)).join(',\n')}\n`
    yield `) v (${names})\nWHERE NOT EXISTS (\n`
    yield `  SELECT FROM ${tableName(schema, place.table)} t WHERE ${isSame([place.key.provider, place.key.user])}\n`
    yield `)\nON CONFLICT ${whereItIsThere(place)};\n`
  }
  yield 'COMMIT;\n'
}

/** Removes exactly these rows, but for those that are used. */
export function* unlinkSql({ place, schema, rows, serverName, isUsed }: LinkStatements): Generator<string> {
  const { columns, product } = place
  yield* begin(`Takes back the links of ${rows.length} accounts of ${serverName} in ${product}`, place)
  const names = columns.map(({ name }) => name)
  const stays = compileStatement(isUsed)
  for (const some of pages(rows)) {
    yield `DELETE FROM ${tableName(schema, place.table)} t USING (VALUES\n`
    yield `${some.map((row) => valuesOf(row, place)).join(',\n')}\n`
    yield `) v (${names.map((name) => pg.escapeIdentifier(name)).join(', ')})\n`
    yield `WHERE ${isSame(names)}\n  AND NOT ${stays};\n`
  }
  yield 'COMMIT;\n'
}

/** What is nobody's becomes the account's; what is somebody's stays. */
const whereItIsThere = ({ key, hasUnfinished }: LinkStatements['place']): string => {
  if (!hasUnfinished) return 'DO NOTHING'
  const [provider, subject, user] = [key.provider, key.subject, key.user].map(pg.escapeIdentifier)
  return `(${provider}, ${subject})\nDO UPDATE SET ${user} = excluded.${user} WHERE present.${user} IS NULL`
}

function* begin(what: string, { mustStop, product }: LinkStatements['place']): Generator<string> {
  yield comment(`${what}. Written by syn2op ${syn2opVersion()}.`)
  if (mustStop) yield comment(`${product} and all its workers must be stopped while this runs.`)
  yield '\\set ON_ERROR_STOP on\n\\encoding UTF8\nSET standard_conforming_strings = on;\nBEGIN;\n'
}

/** Nothing of a text from a configuration may end the line. */
const comment = (text: string): string => `-- ${text.replaceAll(/\p{Cc}/gu, ' ')}\n`

const tableName = (schema: string, table: string): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`

/** Of a row `t` of the table and a given row `v`. */
const isSame = (names: readonly string[]): string =>
  names
    .map(pg.escapeIdentifier)
    .map((name) => `t.${name} = v.${name}`)
    .join(' AND ')

const valuesOf = (row: readonly string[], { columns }: Pick<LinkPlace, 'columns'>): string =>
  `(${row.map((value, index) => `${pg.escapeLiteral(value)}::${columns[index]?.type ?? 'text'}`).join(', ')})`

function* pages<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let first = 0; first < rows.length; first += ROWS) yield rows.slice(first, first + ROWS)
}
