import { expect, test } from 'vitest'
import { waitClock } from '../../../../../src/postgres/wait-clock.ts'
import { copyBound } from '../../../../../src/targets/mas/load/copy-bound.ts'

test('what bounds the copies is what they waited for since the last look', () => {
  let now = 0
  const clocks = [waitClock(() => now), waitClock(() => now)]
  const bound = copyBound()
  for (const clock of clocks) bound.add(clock)
  const [first, second] = clocks
  expect(bound.look()).toBeUndefined()
  first?.waitFor('source')
  second?.waitFor('source')
  now = 1000
  expect(bound.look()).toBe('source')
  first?.waitFor('target')
  second?.waitFor(undefined)
  now = 1100
  expect(bound.look()).toBe('target')
  first?.waitFor(undefined)
  now = 2000
  expect(bound.look()).toBeUndefined()
})
