import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STAGED_TYPES } from '../../../../src/synapse/sqlite/columns.ts'
import { type Cell, fitCell } from '../../../../src/synapse/sqlite/fit-cell.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const anyCell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  fc.string(),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.uint8Array(),
  fc.string({ unit: 'grapheme' }).map(utf8),
)

describe('A cell of SQLite', () => {
  it('is taken for what it is, or for nothing: a number for the same number, bytes for the same bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STAGED_TYPES), anyCell, (type, cell) => {
        const fitted = fitCell(type, cell)
        switch (fitted.kind) {
          case 'null':
            return cell === null
          case 'bytes':
            return fitted.value === cell
          case 'integer':
            return typeof cell === 'number' ? Number(fitted.value) === cell : String(fitted.value) === canonical(cell)
          case 'boolean':
            return fitted.value ? /^(?:1|t|true)$/i.test(String(cell)) : /^(?:0|-0|f|false)$/i.test(String(cell))
          case 'double':
            return Object.is(fitted.value, Number(cell))
          case 'misfit':
            return cell !== null
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('of a text fits exactly where PostgreSQL takes it: UTF-8 without a NUL', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' }).map(utf8)), (cell) => {
        expect(fitCell('text', cell).kind).toBe(isUtf8(cell) && !cell.includes(0) ? 'bytes' : 'misfit')
      }),
    )
  })

  it('of a whole number fits exactly where the type has room for it', () => {
    const wide = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    fc.assert(
      fc.property(wide, fc.boolean(), (value, isSpelt) => {
        const cell = isSpelt ? String(value) : value
        const fits = (bits: bigint): boolean => value >= -(2n ** (bits - 1n)) && value < 2n ** (bits - 1n)
        expect(fitCell('bigint', cell)).toEqual({ kind: 'integer', value, bytes: 8 })
        expect(fitCell('integer', cell).kind).toBe(fits(32n) ? 'integer' : 'misfit')
        expect(fitCell('smallint', cell).kind).toBe(fits(16n) ? 'integer' : 'misfit')
      }),
    )
  })

  it.each([
    ['bigint', '9223372036854775808', 'too large a number'],
    ['bigint', 1.5, 'no whole number'],
    ['bigint', '', 'no whole number'],
    ['bigint', '1e3', 'no whole number'],
    ['bigint', utf8('1'), 'no whole number'],
    ['boolean', 2n, 'neither true nor false'],
    ['boolean', 'yes', 'neither true nor false'],
    ['boolean', utf8('1'), 'neither true nor false'],
    ['text', 0n, 'no text'],
    ['bytea', 'text', 'no blob'],
    ['double precision', 'text', 'no number'],
  ] as const)('%s: %s is told as %s', (type, cell, why) => {
    expect(fitCell(type, cell)).toEqual({ kind: 'misfit', why })
  })

  it('of a truth is 0 or 1, or as PostgreSQL spells it', () => {
    expect([1n, 0n, 'true', 'f', 'T', '0'].map((cell) => fitCell('boolean', cell))).toEqual(
      [true, false, true, false, true, false].map((value) => ({ kind: 'boolean', value })),
    )
  })
})

/** Without leading zeros, and with no minus before a zero. */
const canonical = (cell: Cell): string => (typeof cell === 'string' ? String(BigInt(cell)) : String(cell))
