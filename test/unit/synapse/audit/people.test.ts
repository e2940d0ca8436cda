import { expect, test } from 'vitest'
import { toPeople } from '../../../../src/synapse/audit/people.ts'

test('each person is in one of the ways to log in and in one span', () => {
  const rows = [
    { password: true, identity: false, reset: false, seen: 0, count: 5 },
    { password: true, identity: true, reset: false, seen: 0, count: 2 },
    { password: false, identity: true, reset: false, seen: 5, count: 3 },
    { password: false, identity: false, reset: false, seen: 6, count: 1 },
  ]
  const people = toPeople(rows)
  expect(people.waysToLogIn).toEqual({ password: 5, identity: 3, both: 2, none: 1 })
  expect(people.accounts).toBe(11)
  expect(people.lastSeen).toEqual([
    { within: 'a day', accounts: 7 },
    { within: 'a week', accounts: 0 },
    { within: 'a month', accounts: 0 },
    { within: 'three months', accounts: 0 },
    { within: 'a year', accounts: 0 },
    { within: 'longer', accounts: 3 },
    { within: 'never', accounts: 1 },
  ])
})

test('who has an address to set a password with is not among those who cannot log in', () => {
  const { waysToLogIn } = toPeople([
    { password: true, identity: false, reset: true, seen: 0, count: 5 },
    { password: false, identity: true, reset: true, seen: 0, count: 4 },
    { password: false, identity: false, reset: true, seen: 0, count: 3 },
    { password: false, identity: false, reset: false, seen: 0, count: 2 },
  ])
  expect(waysToLogIn).toEqual({ password: 5, identity: 4, both: 0, reset: 3, none: 2 })
})
