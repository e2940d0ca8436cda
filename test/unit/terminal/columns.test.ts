import { describe, expect, it } from 'vitest'
import { columnsOf, columnsToCutAt } from '../../../src/terminal/columns.ts'

describe('the width of a terminal', () => {
  it('is what it says, whatever a shell exported before its window was drawn larger', () =>
    expect(columnsOf({ columns: 72 }, { COLUMNS: '60' })).toBe(72))

  it.each([{}, { columns: undefined }, { columns: 0 }])('is a usual one where nobody knows it: %o', (stream) =>
    expect(columnsOf(stream, {})).toBe(100),
  )

  it('is what COLUMNS says where there is no terminal, as of a pager that shows it', () =>
    expect(columnsOf({}, { COLUMNS: '60' })).toBe(60))

  it.each(['', '0', '-1', '1.5', 'wide', '1e3', '99999999999999999999'])(
    'is a usual one where COLUMNS is no width: %j',
    (COLUMNS) => expect(columnsOf({}, { COLUMNS })).toBe(100),
  )
})

describe('where a line has to be cut', () => {
  it('is the width of the terminal', () => expect(columnsToCutAt({ isTTY: true, columns: 72 }, {})).toBe(72))

  it('is nowhere in a file or for another program', () =>
    expect(columnsToCutAt({ isTTY: false }, { COLUMNS: '60' })).toBe(Number.POSITIVE_INFINITY))
})
