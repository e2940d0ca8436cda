import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Claim, type SettledUsernames, settleUsernames } from '../../../src/mapping/settle-usernames.ts'

const lower = (username: string): string => username.toLowerCase()
const fold = async (usernames: readonly string[]): Promise<readonly string[]> => usernames.map(lower)
const COLLISIONS = ['hold_back', 'number'] as const

const claims = fc
  .uniqueArray(
    fc.record(
      {
        mxid: fc.integer({ min: 0, max: 60 }).map((n) => `@u${n}:example.org`),
        createdAt: fc.integer({ min: 0, max: 5 }),
        username: fc.constantFrom('a', 'A', 'a2', 'A2', 'a22', 'b', 'a3'),
      },
      { requiredKeys: ['mxid', 'createdAt'] },
    ),
    { selector: ({ mxid }) => mxid, maxLength: 25 },
  )
  .map((all): readonly Claim[] => all)

const asText = ({ usernames, nameless }: SettledUsernames): unknown => ({
  usernames: Object.fromEntries(usernames),
  nameless: Object.fromEntries(nameless.map(({ mxid, reason }) => [mxid, reason])),
})

describe('usernames that are settled', () => {
  test('go to the oldest, and the others are held back or numbered around what is taken', async () => {
    const wanted = [
      { mxid: '@new:x', createdAt: 3, username: 'Anna' },
      { mxid: '@none:x', createdAt: 0 },
      { mxid: '@second:x', createdAt: 1, username: 'anna2' },
      { mxid: '@old:x', createdAt: 1, username: 'anna' },
    ]
    expect(asText(await settleUsernames(wanted, { collision: 'number', fold }))).toEqual({
      usernames: { '@old:x': 'anna', '@second:x': 'anna2', '@new:x': 'Anna3' },
      nameless: { '@none:x': 'username_missing' },
    })
    expect(asText(await settleUsernames(wanted, { collision: 'hold_back', fold }))).toEqual({
      usernames: { '@old:x': 'anna', '@second:x': 'anna2' },
      nameless: { '@none:x': 'username_missing', '@new:x': 'username_collision' },
    })
  })

  test('are none that the target refuses, not a numbered one either; whoever has one keeps it', async () => {
    const takes = (username: string): boolean => username.length < 5
    const wanted = [
      { mxid: '@long:x', createdAt: 0, username: 'longer' },
      { mxid: '@has:x', createdAt: 0, username: 'longer', recorded: 'had' },
      { mxid: '@first:x', createdAt: 1, username: 'anna', recorded: 'anna' },
      { mxid: '@second:x', createdAt: 2, username: 'Anna' },
      { mxid: '@renamed:x', createdAt: 2, username: 'ANNA', recorded: 'old' },
    ]
    const settled = await settleUsernames(wanted.toReversed(), { collision: 'number', fold, takes })
    expect(asText(settled)).toEqual({
      usernames: { '@has:x': 'had', '@first:x': 'anna', '@renamed:x': 'old' },
      nameless: { '@long:x': 'username_refused', '@second:x': 'username_refused' },
    })
  })

  test('are each one account’s, as the target folds them, and nobody is lost', async () => {
    await fc.assert(
      fc.asyncProperty(claims, fc.constantFrom(...COLLISIONS), async (wanted, collision) => {
        const { usernames, nameless } = await settleUsernames(wanted, { collision, fold })
        expect(new Set([...usernames.values()].map(lower)).size).toBe(usernames.size)
        const everybody = [...usernames.keys(), ...nameless.map(({ mxid }) => mxid)]
        expect(everybody.toSorted()).toEqual(wanted.map(({ mxid }) => mxid).toSorted())
        if (collision === 'number') expect(nameless.every(({ reason }) => reason === 'username_missing')).toBe(true)
      }),
    )
  })

  test('do not depend on the order in which accounts are read', async () => {
    await fc.assert(
      fc.asyncProperty(
        claims.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length }))),
        fc.constantFrom(...COLLISIONS),
        async ([one, other], collision) => {
          expect(asText(await settleUsernames(other, { collision, fold }))).toEqual(
            asText(await settleUsernames(one, { collision, fold })),
          )
        },
      ),
    )
  })

  test('stay as they are when younger accounts come', async () => {
    await fc.assert(
      fc.asyncProperty(claims, claims, fc.constantFrom(...COLLISIONS), async (elders, others, collision) => {
        const younger = others.map((one) => ({ ...one, mxid: `${one.mxid}.new`, createdAt: one.createdAt + 10 }))
        const before = (await settleUsernames(elders, { collision, fold })).usernames
        const after = (await settleUsernames([...younger, ...elders], { collision, fold })).usernames
        for (const [mxid, username] of before) expect(after.get(mxid)).toBe(username)
      }),
    )
  })

  test('stay whose they are when an older account claims one, or a younger one moves to it', async () => {
    const wanted = [
      { mxid: '@late:x', createdAt: 0, username: 'Anna' },
      { mxid: '@anna:x', createdAt: 2, username: 'anna', recorded: 'anna' },
      // Would lose its account for a name that it cannot have.
      { mxid: '@bob:x', createdAt: 3, username: 'anna', recorded: 'bob' },
      // Cannot move to where somebody stays.
      { mxid: '@carl:x', createdAt: 1, username: 'bob', recorded: 'carl' },
      { mxid: '@free:x', createdAt: 4, username: 'eve', recorded: 'dora' },
      { mxid: '@new:x', createdAt: 0, username: 'eve' },
    ]
    expect(asText(await settleUsernames(wanted, { collision: 'hold_back', fold }))).toEqual({
      usernames: { '@anna:x': 'anna', '@bob:x': 'bob', '@carl:x': 'carl', '@free:x': 'eve' },
      nameless: { '@late:x': 'username_collision', '@new:x': 'username_collision' },
    })
    expect(asText(await settleUsernames(wanted, { collision: 'number', fold }))).toEqual({
      usernames: {
        '@anna:x': 'anna',
        '@bob:x': 'anna2',
        '@carl:x': 'bob',
        '@free:x': 'eve',
        '@late:x': 'Anna3',
        '@new:x': 'eve2',
      },
      nameless: {},
    })
  })

  test('are the same in every run, whoever of them a run has come to, and nobody loses one to somebody new', async () => {
    const named = fc.constantFrom('a', 'A', 'a2', 'b', 'c', 'c3')
    await fc.assert(
      fc.asyncProperty(
        claims,
        claims,
        fc.array(named),
        fc.constantFrom(...COLLISIONS),
        async (all, others, names, by) => {
          const known = names.filter((name, n) => names.findIndex((one) => lower(one) === lower(name)) === n)
          const start = all.map((one, n) => (known[n] === undefined ? one : { ...one, recorded: known[n] }))
          const first = await settleUsernames(start, { collision: by, fold })
          const recorded = (one: Claim): Claim => {
            const name = first.usernames.get(one.mxid)
            return name === undefined ? one : { ...one, recorded: name }
          }
          const again = all.map(({ mxid, createdAt, username }) =>
            recorded({ mxid, createdAt, ...(username === undefined ? {} : { username }) }),
          )
          expect(asText(await settleUsernames(again, { collision: by, fold }))).toEqual(asText(first))
          // Older ones and younger ones, none of whom has a name yet.
          const strangers = others.map((one) => ({ ...one, mxid: `${one.mxid}.new` }))
          const later = await settleUsernames([...strangers, ...again], { collision: by, fold })
          for (const [mxid, username] of first.usernames) expect(later.usernames.get(mxid)).toBe(username)
          expect(new Set([...later.usernames.values()].map(lower)).size).toBe(later.usernames.size)
          for (const { mxid, reason } of first.nameless) {
            const one = start.find((claim) => claim.mxid === mxid)
            // Who has an account keeps it.
            if (reason === 'username_collision') expect(one?.recorded).toBeUndefined()
          }
        },
      ),
    )
  })
})
