import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { REASONS } from '../../../src/accounts/reasons.ts'
import { relationCount } from '../../../src/report/relation-counts.ts'

const tallies = fc.uniqueArray(
  fc.record({
    reason: fc.option(fc.constantFrom(...Object.keys(REASONS))),
    count: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  { selector: ({ reason }) => reason },
)

describe('the counts of a relation', () => {
  test('put the commonest reason first', () => {
    const rows = [
      { reason: 'orphan', count: 2 },
      { reason: null, count: 40 },
      { reason: 'account_guest', count: 2 },
      { reason: 'superseded', count: 7 },
    ]
    expect(relationCount('access_token', rows)).toEqual({
      relation: 'access_token',
      read: 51,
      carried: 40,
      left: [
        { reason: 'superseded', count: 7 },
        { reason: 'account_guest', count: 2 },
        { reason: 'orphan', count: 2 },
      ],
    })
  })

  test('lose no row: read is carried and left together, whatever order the reasons come in', () => {
    fc.assert(
      fc.property(tallies, (rows) => {
        const counted = relationCount('session', rows)
        expect(counted.read).toBe(rows.reduce((sum, { count }) => sum + count, 0))
        expect(counted.carried + counted.left.reduce((sum, { count }) => sum + count, 0)).toBe(counted.read)
        expect(relationCount('session', rows.toReversed())).toEqual(counted)
      }),
    )
  })
})
