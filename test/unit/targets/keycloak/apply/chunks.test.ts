import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf } from '../../../../../src/targets/keycloak/apply/chunks.ts'

const MEGABYTE = 1024 * 1024

describe('requests that make users', () => {
  it('have 20 users at most', () => {
    expect(chunksOf(Array.from({ length: 45 }, (_, id) => ({ id }))).map(({ length }) => length)).toEqual([20, 20, 5])
  })

  it('stay below what Keycloak reads, whatever users hold, and leave nobody out', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 * MEGABYTE }), { maxLength: 8 }), (sizes) => {
        const users = sizes.map((size, id) => ({ id, text: 'x'.repeat(size) }))
        const chunks = chunksOf(users)
        expect(chunks.flat()).toEqual(users)
        for (const chunk of chunks) expect(JSON.stringify(chunk).length).toBeLessThan(10 * MEGABYTE)
      }),
      { numRuns: 20 },
    )
  })

  it('hold somebody alone who is larger than that', () => {
    const large = { text: 'x'.repeat(9 * MEGABYTE) }
    expect(chunksOf([{ text: '' }, large, { text: '' }]).map(({ length }) => length)).toEqual([1, 1, 1])
  })
})
