import { describe, expect, it } from 'vitest'
import { boundOf, nothingSpent, spend } from '../../../../src/migration/pacing/time-spent.ts'

const boundAfter = (...batches: readonly Parameters<typeof spend>[1][]) => boundOf(batches.reduce(spend, nothingSpent))

describe('what bounds a run', () => {
  it('is not known from the first batch', () => {
    expect(boundAfter()).toBeUndefined()
    expect(boundAfter({ source: 100, target: 5 })).toBeUndefined()
  })

  it.each([
    ['source', { source: 200, target: 80 }],
    ['target', { source: 20, target: 80, network: 30 }],
    ['network', { source: 20, target: 80, network: 300 }],
    ['quota', { target: 80, quota: 300 }],
    ['rate', { source: 20, target: 80, rate: 900 }],
  ] as const)('%s: most of the time goes there', (bound, times) => {
    expect(boundAfter(times, times)).toBe(bound)
  })

  it('is what it is now: earlier batches are forgotten', () => {
    const before = Array.from({ length: 100 }, () => ({ source: 100, target: 10 }))
    const now = Array.from({ length: 10 }, () => ({ source: 10, target: 100 }))
    expect(boundAfter(...before)).toBe('source')
    expect(boundAfter(...before, ...now)).toBe('target')
  })

  it('is unknown where nothing takes any time', () => {
    expect(boundAfter({}, {}, {})).toBeUndefined()
  })
})
