import { describe, expect, it } from 'vitest'
import { firstPace, nextPace, type Pace } from '../../../../../src/targets/keycloak/api/pace.ts'

const BOUNDS = { least: 1, most: 6 }

/** A server that does 100 a second for each that goes on at once up to `peak`, and loses a fifth for each beyond it. */
const serverWithPeak =
  (peak: number) =>
  (limit: number): number =>
    limit <= peak ? 100 * limit : 100 * peak * 0.8 ** (limit - peak)

/** Deterministic noise between -1 and 1. */
const noise = (turn: number): number => ((turn * 7919) % 2001) / 1000 - 1

interface Watched {
  readonly pace: Pace
  readonly limits: readonly number[]
}

const watch = (from: Pace, turns: number, rateAt: (limit: number, turn: number) => number): Watched => {
  const limits: number[] = []
  let pace = from
  for (let turn = 0; turn < turns; turn++) {
    limits.push(pace.limit)
    pace = nextPace(pace, rateAt(pace.limit, turn), BOUNDS)
  }
  return { pace, limits }
}

const mostOften = (limits: readonly number[]): number | undefined =>
  [...Map.groupBy(limits, (limit) => limit)].toSorted((a, b) => b[1].length - a[1].length)[0]?.[0]

describe('how many requests go out at once', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'settles at %i where the server is fastest with so many, also when measurements err by 2 %',
    (peak) => {
      const rateAt = serverWithPeak(peak)
      const { limits } = watch(firstPace(2), 300, (limit, turn) => rateAt(limit) * (1 + noise(turn) * 0.02))

      expect(mostOften(limits.slice(100))).toBe(peak)
    },
  )

  it('tries another number seldom, and but one more or fewer', () => {
    const { limits } = watch(firstPace(2), 300, serverWithPeak(3))
    const settledLimits = limits.slice(50)

    expect(settledLimits.filter((limit) => limit !== 3).length).toBeLessThan(settledLimits.length / 6)
    expect(settledLimits.every((limit) => Math.abs(limit - 3) <= 1)).toBe(true)
  })

  it('halves at once when the server stalls, and grows again when it has recovered', () => {
    const before = watch(firstPace(2), 60, serverWithPeak(6))
    expect(before.pace.limit).toBeGreaterThanOrEqual(5)

    const stalled = nextPace(before.pace, 20, BOUNDS)
    expect(stalled.limit).toBe(Math.floor(before.pace.limit / 2))

    const after = watch(stalled, 60, serverWithPeak(6))
    expect(after.pace.limit).toBeGreaterThanOrEqual(5)
  })

  it('goes down with a server that is no longer faster with so many', () => {
    const before = watch(firstPace(2), 60, serverWithPeak(6))
    const after = watch(before.pace, 200, serverWithPeak(2))

    expect(mostOften(after.limits.slice(100))).toBe(2)
  })

  it('stays between one and six, also when nothing is done at all for a long time', () => {
    const nothing = watch(firstPace(2), 200, () => 0)
    const wild = watch(nothing.pace, 2000, (_, turn) => 50 + 50 * noise(turn))

    for (const limit of [...nothing.limits, ...wild.limits]) {
      expect(limit).toBeGreaterThanOrEqual(1)
      expect(limit).toBeLessThanOrEqual(6)
    }
  })
})
