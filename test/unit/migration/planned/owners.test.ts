import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareGroups } from '../../../../src/migration/planned/compare-groups.ts'
import { hasOwner } from '../../../../src/migration/planned/has-owner.ts'
import { packOwners, unpackOwners } from '../../../../src/migration/planned/pack-owners.ts'

const sorted = (owners: Iterable<bigint>): BigInt64Array => BigInt64Array.from(owners).toSorted()

const owner = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

/** Few owners, so that two groupings have many of them in common. */
const decided = fc.dictionary(
  fc.integer({ min: -20, max: 20 }).map(String),
  fc.constantFrom('migrate', 'guest', 'locked'),
)

type Decided = Readonly<Record<string, string>>

const grouped = (decisions: Decided): ReadonlyMap<string, BigInt64Array> =>
  new Map(
    [...Map.groupBy(Object.entries(decisions), ([, reason]) => reason)].map(([reason, some]) => [
      reason,
      sorted(some.map(([name]) => BigInt(name))),
    ]),
  )

const flat = (groups: ReadonlyMap<string, readonly bigint[]>): Decided =>
  Object.fromEntries([...groups].flatMap(([reason, owners]) => owners.map((one) => [String(one), reason])))

describe('the owners of a plan', () => {
  test('come back as they were packed, eight bytes each', () => {
    fc.assert(
      fc.property(fc.array(owner), (some) => {
        const owners = sorted(some)
        const packed = packOwners(owners)
        expect(unpackOwners({ owners: packed, count: owners.length })).toEqual(owners)
        expect(Buffer.from(packed, 'base64')).toHaveLength(8 * owners.length)
      }),
    )
  })

  test('are big-endian and in ascending order, as the format says', () => {
    expect(Buffer.from(packOwners(sorted([1n, -1n])), 'base64').toString('hex')).toBe(
      'ffffffffffffffff0000000000000001',
    )
  })

  test.each([
    ['a list that was cut off', { owners: packOwners(sorted([1n, 2n])).slice(0, -8), count: 2 }],
    ['a list of another length', { owners: packOwners(sorted([1n, 2n])), count: 3 }],
    ['a list that is in no order', { owners: packOwners(new BigInt64Array([2n, 1n])), count: 2 }],
  ])('%s is refused', (_, packed) => {
    expect(() => unpackOwners(packed)).toThrow(expect.objectContaining({ code: 'plan.unreadable' }))
  })

  test('are found again, and nobody else is', () => {
    fc.assert(
      fc.property(decided, owner, (decisions, other) => {
        const groups = grouped(decisions)
        for (const name of Object.keys(decisions)) expect(hasOwner(groups, BigInt(name))).toBe(true)
        expect(hasOwner(groups, other)).toBe(Object.hasOwn(decisions, String(other)))
      }),
    )
  })
})

describe('two groupings of owners', () => {
  test('differ in exactly those who moved, who are new and who are gone', () => {
    fc.assert(
      fc.property(decided, decided, (before, now) => {
        const { moved, onlyBefore, onlyNow } = compareGroups(grouped(before), grouped(now))
        const differing = (one: Decided, other: Decided): Decided =>
          Object.fromEntries(Object.entries(one).filter(([name]) => !Object.hasOwn(other, name)))
        expect(flat(onlyBefore)).toEqual(differing(before, now))
        expect(flat(onlyNow)).toEqual(differing(now, before))
        const names = Object.keys(before).filter((name) => Object.hasOwn(now, name) && before[name] !== now[name])
        expect(
          Object.fromEntries(moved.flatMap((one) => one.owners.map((each) => [String(each), [one.before, one.now]]))),
        ).toEqual(Object.fromEntries(names.map((name) => [name, [before[name], now[name]]])))
      }),
    )
  })
})
