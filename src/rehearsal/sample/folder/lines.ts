import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Cell, Row } from '../mask/masker.ts'

const NUMBERS = /^(?:bigint|integer|smallint)$/u

/** Digits in groups: no number of the sample can then look like somebody's phone number. */
const grouped = (number: string): string => number.replace(/\B(?=(?:\d{3})+$)/gu, '_')

/** A row as a line of JSON: NULLs are left out, all else is text as PostgreSQL writes it, numbers with a _ before each three digits. */
export const lineOf = (row: Row, types: ReadonlyMap<string, string>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(row).flatMap(([column, cell]) =>
        cell === null ? [] : [[column, NUMBERS.test(types.get(column) ?? '') ? grouped(cell) : cell]],
      ),
    ),
  ).replaceAll(/[\u2028\u2029]/gu, (separator) => (separator === '\u2028' ? '\\u2028' : '\\u2029'))

/** The cells of a line, in the order of the columns. */
export const cellsOf = (line: string, types: ReadonlyMap<string, string>, where: string): readonly Cell[] => {
  const row = parsed(line, where)
  return [...types].map(([column, type]) => {
    const cell = Object.hasOwn(row, column) ? row[column] : null
    if (cell === null || cell === undefined) return null
    if (typeof cell !== 'string') throw wrongLine(where)
    return NUMBERS.test(type) ? cell.replaceAll('_', '') : cell
  })
}

const parsed = (line: string, where: string): Readonly<Record<string, unknown>> => {
  try {
    const row: unknown = JSON.parse(line)
    if (typeof row === 'object' && row !== null) return { ...row }
  } catch {
    // Told below.
  }
  throw wrongLine(where)
}

const wrongLine = (where: string): Syn2opError =>
  new Syn2opError('config.invalid', `The sample cannot be loaded: ${where} is no row`, {
    next: ['Take it from where it was made, or make it again: syn2op sample'],
  })

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Cells as COPY takes them in its text format. */
export const copyLine = (cells: readonly Cell[]): string =>
  `${cells.map((cell) => (cell === null ? '\\N' : cell.replaceAll(/[\\\n\r\t]/gu, (sign) => ESCAPES[sign] ?? sign))).join('\t')}\n`
