import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newRunId } from '../../../src/migration/new-run-id.ts'

const moments = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2099-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

test('runs sort by the time at which they began, to the millisecond', () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 1, max: 2_000 }), (first, later) => {
      const [a, b] = [newRunId(first), newRunId(new Date(first.getTime() + later))]
      expect(a < b).toBe(true)
      for (const id of [a, b]) expect(id).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}$/u)
    }),
  )
})

test('the time can be read from it, in UTC', () => {
  expect(newRunId(new Date('2026-11-21T03:15:00.000Z'))).toMatch(/^20261121-031500-00[0-4][0-9a-f]$/u)
})
