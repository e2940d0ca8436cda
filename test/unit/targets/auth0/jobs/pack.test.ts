import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileOf, type PackedRow, packRows } from '../../../../../src/targets/auth0/jobs/pack.ts'

const rowOf = (id: string, length: number): PackedRow => ({ id, json: JSON.stringify({ n: 'x'.repeat(length) }) })

const rows = fc
  .array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 })
  .map((lengths) => lengths.map((length, index) => rowOf(String(index), length)))

describe('packRows', () => {
  it('puts everybody into one file, or tells that they fit into none', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 60, max: 900 }), (all, limit) => {
        const { files, tooLarge } = packRows(all, limit)
        const told = [...files.flat(), ...tooLarge].map(({ id }) => Number(id)).toSorted((a, b) => a - b)
        expect(told).toEqual(all.keys().toArray())
      }),
    )
  })

  it('never makes a file above the limit, nor refuses a row that would fit alone', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 60, max: 900 }), (all, limit) => {
        const { files, tooLarge } = packRows(all, limit)
        for (const file of files) expect(fileOf(file).length).toBeLessThanOrEqual(limit)
        for (const row of tooLarge) expect(fileOf([row]).length).toBeGreaterThan(limit)
      }),
    )
  })

  it('counts bytes, not characters', () => {
    const umlauts = { id: 'one', json: JSON.stringify('ü'.repeat(40)) }
    expect(packRows([umlauts], 82).tooLarge).toEqual([umlauts])
    expect(packRows([umlauts], 84).files).toEqual([[umlauts]])
  })

  it('makes one file where one is enough, else an even number of about equal ones', () => {
    const all = Array.from({ length: 50 }, (_, index) => rowOf(String(index), 92))
    expect(packRows(all, 50 * 101 + 2).files).toHaveLength(1)
    const sizes = packRows(all, 2200).files.map((file) => fileOf(file).length)
    expect(sizes).toHaveLength(4)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(101)
  })

  it('makes no file of nobody', () => {
    expect(packRows([], 100)).toEqual({ files: [], tooLarge: [] })
  })

  it('writes a file that is a JSON array of its rows, in their order', () => {
    const file = [rowOf('a', 1), rowOf('b', 2)]
    expect(JSON.parse(fileOf(file).toString())).toEqual([{ n: 'x' }, { n: 'xx' }])
  })
})
