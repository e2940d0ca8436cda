import { expect, it } from 'vitest'
import { keepRunNames } from '../../../../src/targets/slow-road/run-names.ts'

const name = 'email x@example.org'

it('tells of a holder in another batch once nobody is to come', () => {
  const names = keepRunNames()
  const ann = { id: 'ann', name }
  expect(names.standing({ ...ann, isLast: false })).toBe('later')
  expect(names.standing({ ...ann, isLast: true })).toBe('keeps')
  names.gives('ann', ['email y@example.org', name])
  expect(names.standing({ ...ann, isLast: false })).toBe('later')
  expect(names.standing({ ...ann, isLast: true })).toBe('gives')
  names.gives('ann', [])
  expect(names.standing({ ...ann, isLast: true })).toBe('keeps')
})

it('gives an address to the first that is planned, until that one wants another', () => {
  const names = keepRunNames()
  expect(names.claim('x', 'ann')).toBe(true)
  expect(names.claim('x', 'ann')).toBe(true)
  expect(names.claim('x', 'ben')).toBe(false)
  expect(names.claim('y', 'ann')).toBe(true)
  expect(names.claim('x', 'ben')).toBe(true)
  expect(names.claim(undefined, 'ben')).toBe(true)
  expect(names.claim('x', 'cid')).toBe(true)
})
