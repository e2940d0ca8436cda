import { describe, expect, it } from 'vitest'
import type { OutcomeKind, RowChanges } from '../../../../src/targets/changes.ts'
import { credited, type Sent, withTouched } from '../../../../src/targets/slow-road/credit.ts'

const NONE: Omit<RowChanges, 'relation'> = { create: 0, update: 0, remove: 0, unchanged: 0, theirs: 0, foreign: 0 }
const mxid = '@ann:example.org'

const CASES: readonly {
  readonly sent: Sent['outcome']
  readonly found: Parameters<typeof credited>[2]
  readonly now: OutcomeKind
  readonly told: OutcomeKind
}[] = [
  { sent: 'created', found: 'made by this run', now: 'unchanged', told: 'created' },
  { sent: 'created', found: 'made by this run', now: 'updated', told: 'created' },
  { sent: 'created', found: 'made before', now: 'unchanged', told: 'unchanged' },
  { sent: 'created', found: 'nobody', now: 'held back', told: 'held back' },
  { sent: 'created', found: 'nobody', now: 'created', told: 'created' },
  { sent: 'updated', found: 'made before', now: 'unchanged', told: 'updated' },
  { sent: 'updated', found: 'made before', now: 'updated', told: 'updated' },
  { sent: 'updated', found: 'made before', now: 'rejected', told: 'rejected' },
  { sent: 'updated', found: 'nobody', now: 'created', told: 'created' },
  { sent: 'removed', found: 'nobody', now: 'unchanged', told: 'removed' },
  { sent: 'removed', found: 'nobody', now: 'held back', told: 'removed' },
  { sent: 'removed', found: 'made before', now: 'unchanged', told: 'unchanged' },
]

describe('an account for which something had been sent', () => {
  it.each(CASES)('$sent, then found $found and $now: $told', ({ sent, found, now, told }) => {
    expect(credited({ mxid, outcome: now, rows: [] }, { outcome: sent, rows: [] }, found).outcome).toBe(told)
  })

  it('is told with the rows of both tries: what the first did is unchanged in the second', () => {
    const first: RowChanges = { ...NONE, relation: 'external_id', create: 1, remove: 1 }
    const account: RowChanges = { ...NONE, relation: 'account', update: 1 }
    const second: RowChanges = { ...NONE, relation: 'external_id', unchanged: 1 }
    const { rows } = credited(
      { mxid, outcome: 'updated', rows: [second] },
      { outcome: 'updated', rows: [account, first] },
      'made before',
    )
    expect(rows).toEqual([{ ...first, unchanged: 0 }, account])
  })
})

describe('an account that had to give up an address for another', () => {
  const gaveUp: RowChanges = { ...NONE, relation: 'threepid', remove: 1 }
  const rest: RowChanges = { ...NONE, relation: 'account', unchanged: 1 }

  it.each([
    { now: 'rejected', rows: [], told: { outcome: 'rejected', rows: [gaveUp] } },
    { now: 'held back', rows: [], told: { outcome: 'held back', rows: [gaveUp] } },
    { now: 'unchanged', rows: [rest], told: { outcome: 'updated', rows: [rest, gaveUp] } },
    {
      now: 'updated',
      rows: [{ ...gaveUp, create: 1 }],
      told: { outcome: 'updated', rows: [{ ...gaveUp, create: 1 }] },
    },
    { now: 'removed', rows: [], told: { outcome: 'removed', rows: [] } },
  ] as const)('tells so when it is $now', ({ now, rows, told }) => {
    expect(withTouched({ mxid, outcome: now, rows }, [gaveUp])).toMatchObject(told)
  })
})
