import { isUtf8 } from 'node:buffer'
import type { StagedType } from './columns.ts'

/** What `node:sqlite` gives of one cell, read with big integers; of a text column as `cellExpression` asks for it. */
export type Cell = null | bigint | number | string | Uint8Array

/** A value that PostgreSQL takes, or why it takes none. NULL fits everywhere. */
export type Fitted =
  | { readonly kind: 'null' }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'integer'; readonly value: bigint; readonly bytes: 2 | 4 | 8 }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'misfit'; readonly why: Misfitting }

export type Misfitting =
  | 'a NUL character'
  | 'no valid UTF-8'
  | 'no text'
  | 'no whole number'
  | 'too large a number'
  | 'neither true nor false'
  | 'no number'
  | 'no blob'

const NULL: Fitted = { kind: 'null' }
const misfit = (why: Misfitting): Fitted => ({ kind: 'misfit', why })

/** As PostgreSQL reads them. */
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['t', true],
  ['true', true],
  ['1', true],
  ['f', false],
  ['false', false],
  ['0', false],
])

const wholeNumber = (cell: Cell): bigint | undefined => {
  if (typeof cell === 'bigint') return cell
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? BigInt(cell) : undefined
  return typeof cell === 'string' && /^-?[0-9]{1,19}$/u.test(cell) ? BigInt(cell) : undefined
}

const integer = (cell: Cell, bytes: 2 | 4 | 8): Fitted => {
  const value = wholeNumber(cell)
  if (value === undefined) return misfit('no whole number')
  return BigInt.asIntN(bytes * 8, value) === value ? { kind: 'integer', value, bytes } : misfit('too large a number')
}

const text = (cell: Cell): Fitted => {
  if (!(cell instanceof Uint8Array)) return misfit('no text')
  if (cell.includes(0)) return misfit('a NUL character')
  return isUtf8(cell) ? { kind: 'bytes', value: cell } : misfit('no valid UTF-8')
}

const boolean = (cell: Cell): Fitted => {
  const value = cell instanceof Uint8Array ? undefined : TRUTHS.get(String(cell).toLowerCase())
  return value === undefined ? misfit('neither true nor false') : { kind: 'boolean', value }
}

const double = (cell: Cell): Fitted =>
  typeof cell === 'number' || typeof cell === 'bigint' ? { kind: 'double', value: Number(cell) } : misfit('no number')

/**
 * A cell of SQLite, where each may hold anything, as a value of the column's type; never another value than it is. What
 * only another spelling says, the digits of a whole number or the words of a truth, is taken for what it says.
 */
export const fitCell = (type: StagedType, cell: Cell): Fitted => {
  if (cell === null) return NULL
  switch (type) {
    case 'text':
      return text(cell)
    case 'bytea':
      return cell instanceof Uint8Array ? { kind: 'bytes', value: cell } : misfit('no blob')
    case 'smallint':
      return integer(cell, 2)
    case 'integer':
      return integer(cell, 4)
    case 'bigint':
      return integer(cell, 8)
    case 'boolean':
      return boolean(cell)
    case 'double precision':
      return double(cell)
  }
}
