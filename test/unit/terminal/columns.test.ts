import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../../src/terminal/columns.ts'

describe('the width of a terminal', () => {
  it('is what it says', () => expect(columnsOf({ columns: 72 })).toBe(72))

  it.each([{}, { columns: undefined }, { columns: 0 }])('is a usual one where nobody knows it: %o', (stream) =>
    expect(columnsOf(stream)).toBe(100),
  )
})
