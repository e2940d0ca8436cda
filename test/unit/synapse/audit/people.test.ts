import { expect, test } from 'vitest'
import { toPeople } from '../../../../src/synapse/audit/people.ts'

test('each person is in one of the ways to log in and in one span', () => {
  const rows = [
    { password: true, identity: false, seen: 0, count: 5 },
    { password: true, identity: true, seen: 0, count: 2 },
    { password: false, identity: true, seen: 5, count: 3 },
    { password: false, identity: false, seen: 6, count: 1 },
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
