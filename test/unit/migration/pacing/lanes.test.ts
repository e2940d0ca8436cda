import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allLanes, allowedLanes, type LaneSample, type Lanes, learn } from '../../../../src/migration/pacing/lanes.ts'

const batches = (lanes: Lanes, count: number, sample: LaneSample): Lanes =>
  Array.from({ length: count }).reduce<Lanes>((before) => learn(before, sample), lanes)

/** A target whose time for an account is this many milliseconds, whoever works beside it. */
const steady = (latency: number) => (lanes: Lanes, count: number) => {
  let now = lanes
  for (let batch = 0; batch < count; batch++) {
    now = learn(now, { accounts: 100, milliseconds: latency * 100, working: allowedLanes(now) })
  }
  return now
}

/** A target that does one account a millisecond, however many batches come at once. */
const saturated = (lanes: Lanes, count: number) => {
  let now = lanes
  for (let batch = 0; batch < count; batch++) {
    const working = allowedLanes(now)
    now = learn(now, { accounts: 100, milliseconds: 100 * working, working })
  }
  return now
}

describe('how many batches may be at work', () => {
  it('is never none and never more than was asked for, whatever the target does', () => {
    const sample = fc.record({
      accounts: fc.nat(10_000),
      milliseconds: fc.double({ min: 0, max: 1e7, noNaN: true }),
      working: fc.integer({ min: 1, max: 64 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.array(sample, { maxLength: 200 }), (most, samples) => {
        let lanes = allLanes(most)
        for (const each of samples) {
          lanes = learn(lanes, each)
          expect(allowedLanes(lanes)).toBeGreaterThanOrEqual(1)
          expect(allowedLanes(lanes)).toBeLessThanOrEqual(most)
        }
      }),
    )
  })

  it('is what was asked for from the start, and stays so at a target that keeps up', () => {
    const lanes = allLanes(8)
    expect(allowedLanes(lanes)).toBe(8)
    expect(allowedLanes(steady(2)(lanes, 100))).toBe(8)
  })

  it('falls when an account takes twice as long and no more of them are done', () => {
    const used = steady(2)(allLanes(8), 50)
    const slower = batches(used, 4, { accounts: 100, milliseconds: 400, working: 8 })
    expect(allowedLanes(slower)).toBe(4)
  })

  it('falls to one where it does not help, and no further', () => {
    const used = steady(1)(allLanes(16), 50)
    const slower = batches(used, 10, { accounts: 100, milliseconds: 100_000, working: 1 })
    expect(allowedLanes(slower)).toBe(1)
  })

  it('does not fall for one odd batch', () => {
    const used = steady(2)(allLanes(8), 50)
    expect(allowedLanes(learn(used, { accounts: 100, milliseconds: 400, working: 8 }))).toBe(8)
  })

  it('does not fall where each account takes longer and more of them are done for it', () => {
    const alone = batches({ ...allLanes(8), allowed: 1 }, 1, { accounts: 100, milliseconds: 100, working: 1 })
    const together = batches(alone, 20, { accounts: 100, milliseconds: 250, working: 8 })
    expect(allowedLanes(together)).toBeGreaterThanOrEqual(allowedLanes(alone))
  })

  it('judges nothing by small batches, of which each account seems dear', () => {
    const used = steady(2)(allLanes(8), 50)
    expect(allowedLanes(batches(used, 50, { accounts: 3, milliseconds: 300, working: 8 }))).toBe(8)
  })

  it('rises again, one a round, when the target has recovered', () => {
    const used = steady(2)(allLanes(8), 50)
    const slow = batches(used, 30, { accounts: 100, milliseconds: 4000, working: 2 })
    expect(allowedLanes(slow)).toBeLessThan(4)
    expect(allowedLanes(steady(2)(slow, 60))).toBe(8)
  })

  it('rises again at a target that is slow for good: that is usual there', () => {
    const used = steady(2)(allLanes(4), 50)
    expect(allowedLanes(steady(20)(used, 300))).toBe(4)
  })

  it('tries again and again at a target that does no more for more, and never stops at one', () => {
    const used = batches({ ...allLanes(8), allowed: 1 }, 10, { accounts: 100, milliseconds: 100, working: 1 })
    let lanes = used
    const seen = new Set<number>()
    for (let round = 0; round < 100; round++) {
      lanes = saturated(lanes, 1)
      seen.add(allowedLanes(lanes))
    }
    expect(seen.size).toBeGreaterThan(1)
  })
})
