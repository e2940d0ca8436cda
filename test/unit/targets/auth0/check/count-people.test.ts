import { describe, expect, it } from 'vitest'
import type { Person } from '../../../../../src/accounts/account.ts'
import type { UserRules } from '../../../../../src/targets/auth0/accounts/user-rules.ts'
import { connectionRules } from '../../../../../src/targets/auth0/check/connection-rules.ts'
import { countPeople } from '../../../../../src/targets/auth0/check/count-people.ts'
import { soundRules } from './sound-auth0.ts'

const person = (localpart: string, more: Partial<Person> = {}): Person => ({
  mxid: `@${localpart}:example.org`,
  localpart,
  isDeactivated: false,
  threepids: [],
  ...more,
})

const email = (address: string): Pick<Person, 'primaryEmail' | 'threepids'> => ({
  primaryEmail: address,
  threepids: [{ medium: 'email', address, addedAt: 0 }],
})

const count = (people: readonly Person[], rules: Partial<UserRules> = {}) =>
  countPeople(
    async function* everybody() {
      yield* people
    },
    { ...soundRules, ...rules },
  )

const short = connectionRules({ requires_username: true })

describe('counting people for Auth0', () => {
  it('tells names that are too long for this connection from those that are too long for every one', async () => {
    const { names } = await count([person('ann'), person('a'.repeat(16)), person('b'.repeat(129))], { takes: short })
    expect(names.length).toEqual({ count: 1, samples: [`@${'a'.repeat(16)}:example.org`] })
  })

  it('shows how unfit letters are spelled, and takes no notice of capitals', async () => {
    const { names } = await count([person('dept/ann'), person('Bob'), person('c=d')])
    expect(names.escaped).toEqual({ count: 2, samples: ['@c=d:example.org', '@dept/ann:example.org'] })
    expect(names.spellings).toEqual(['dept/ann → dept~2fann', 'c=d → c~3dd'])
  })

  it('counts unfit names as left where auth0.yaml says so, and those that are refused not at all: they are held back', async () => {
    const people = [person('dept/ann', email('ann@example.org'))]
    expect((await count(people, { usernames: { unfit: 'leave' } })).names.left.count).toBe(1)
    const { left, length, escaped } = (await count(people, { usernames: { unfit: 'refuse' } })).names
    expect([left.count, length.count, escaped.count]).toEqual([0, 0, 0])
  })

  it('counts nobody as spelled otherwise who never logs in again', async () => {
    const { names, all } = await count([person('dept/ann', { isDeactivated: true })])
    expect([all, names.escaped.count]).toEqual([1, 0])
  })

  it('goes by the name that the mapping gives', async () => {
    const { names } = await count([person('dept/ann', { username: 'ann' })])
    expect(names.escaped.count).toBe(0)
  })

  it('knows who has no e-mail address, also where the one they have is none that Auth0 takes', async () => {
    const counts = await count([
      person('ann', email('ann@example.org')),
      person('bob'),
      person('cem', email(`${'c'.repeat(65)}@example.org`)),
    ])
    expect(counts.withoutEmail).toEqual({ count: 2, samples: ['@bob:example.org', '@cem:example.org'] })
    expect(counts.closedWithoutEmail).toBe(0)
    expect((await count([person('dan', { isDeactivated: true })])).closedWithoutEmail).toBe(1)
  })

  it('knows who would have nothing to log in with', async () => {
    const counts = await count([person('ann', email('ann@example.org')), person('bob')], { takes: connectionRules({}) })
    expect(counts.names.notTaken.count).toBe(2)
    expect(counts.nameless).toEqual({ count: 1, samples: ['@bob:example.org'] })
  })

  it('counts phone numbers that go into the metadata', async () => {
    const phone = { medium: 'msisdn', address: '447700900000', addedAt: 0 }
    const people = [person('ann', { threepids: [phone] })]
    expect((await count(people)).phonesKept.count).toBe(1)
    const takes = connectionRules({ attributes: { username: {}, phone_number: {} } })
    expect((await count(people, { takes })).phonesKept.count).toBe(0)
  })

  it('finds out of whom something has no room', async () => {
    const large = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`note${index}`, 'x'.repeat(300)]))
    const counts = await count([
      person('ann', { attributes: large }),
      person('bob', { attributes: { note: 'x'.repeat(5000) } }),
    ])
    expect(counts.large).toEqual({ count: 1, samples: ['@ann:example.org'] })
  })
})
