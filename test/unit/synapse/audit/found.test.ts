import { describe, expect, it } from 'vitest'
import type { TallyRow } from '../../../../src/accounts/decisions/tally.ts'
import { foundByReasons } from '../../../../src/synapse/audit/found.ts'

const gone: TallyRow = {
  reason: 'device_gone',
  count: 3,
  first: '@ann:example.org',
  last: '@zoe:example.org',
  answers: [],
  firsts: [],
  lasts: [],
}

describe('rows that are left for a reason', () => {
  const tallies = new Map([['access_token', [gone]]] as const)

  it('are counted', () => {
    const { groups, samples } = foundByReasons(['device_gone'], tallies, {})
    expect(groups).toEqual([{ name: 'access_token', count: 3 }])
    expect(samples).toEqual(['@ann:example.org', '@zoe:example.org'])
  })

  it('are not missed where the target takes nothing of their kind: there they work on', () => {
    const leaves = { access_token: 'stays_in_synapse' } as const
    expect(foundByReasons(['device_gone'], tallies, { leaves })).toEqual({ groups: [], samples: [] })
  })
})
