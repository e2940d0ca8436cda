import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBucket } from '../../../../../src/rehearsal/standins/auth0/limits/bucket.ts'

const at = Date.UTC(2026, 0, 5)

describe('a bucket of requests', () => {
  it('lets a burst in, then as many as come back', () => {
    const bucket = openBucket({ burst: 3, refill: 2, per: 'second' })
    const taken = [0, 0, 0, 0, 499, 500, 501, 1000].map((ms) => bucket.take(at + ms).taken)
    expect(taken).toEqual([true, true, true, false, false, true, false, true])
  })

  it('gives what comes back by the minute every second', () => {
    const bucket = openBucket({ burst: 2, refill: 120, per: 'minute' })
    const taken = [0, 0, 999, 1000, 1000, 1000].map((ms) => bucket.take(at + ms).taken)
    expect(taken).toEqual([true, true, false, true, true, false])
  })

  it('never holds more than its burst, however long nobody asks', () => {
    const bucket = openBucket({ burst: 2, refill: 50, per: 'second' })
    bucket.take(at)
    expect(bucket.take(at + 86_400_000)).toMatchObject({ taken: true, limit: 2, remaining: 1 })
  })

  it('says a time at which there is room again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 600 }),
        fc.constantFrom('second' as const, 'minute' as const),
        fc.integer({ min: 0, max: 5000 }),
        (burst, refill, per, offset) => {
          const bucket = openBucket({ burst, refill, per })
          let level = bucket.take(at + offset)
          while (level.taken) level = bucket.take(at + offset)
          expect(level.remaining).toBe(0)
          expect(bucket.take(Math.max(level.reset * 1000, at + offset)).taken).toBe(true)
        },
      ),
    )
  })
})
