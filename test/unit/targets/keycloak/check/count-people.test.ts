import { describe, expect, it } from 'vitest'
import type { Person } from '../../../../../src/accounts/account.ts'
import {
  type CountPeople,
  countPeople,
  type PeopleCounts,
} from '../../../../../src/targets/keycloak/check/count-people.ts'
import type { ProfileAttribute } from '../../../../../src/targets/keycloak/check/seen.ts'
import { attribute, sound, soundProfile, soundSettings } from './sound-keycloak.ts'

const person = (localpart: string, changes: Partial<Person> = {}): Person => ({
  mxid: `@${localpart}:example.org`,
  localpart,
  isDeactivated: false,
  threepids: [],
  ...changes,
})

const withEmail = (localpart: string, address: string): Person =>
  person(localpart, { primaryEmail: address, threepids: [{ medium: 'email', address, addedAt: 0 }] })

const required = { roles: ['user'], scopes: [] }
const byPeople = { permissions: { view: ['admin', 'user'], edit: ['admin', 'user'] } }

const counting = (
  people: readonly Person[],
  attributes: readonly ProfileAttribute[] = [],
  changes: Partial<Pick<CountPeople, 'conflicts'>> & { readonly settings?: Partial<typeof soundSettings> } = {},
): Promise<PeopleCounts> => {
  const names = attributes.map(({ name }) => name)
  const others = soundProfile.attributes.filter(({ name }) => !names.includes(name))
  return countPeople({
    people: async function* () {
      yield* people
    },
    config: sound.config,
    conflicts: changes.conflicts ?? { email: 'hold_back' },
    seen: {
      profile: { attributes: [...others, ...attributes] },
      settings: { ...soundSettings, ...changes.settings },
      requiredActions: [{ alias: 'VERIFY_PROFILE', enabled: true, defaultAction: false }],
    },
  })
}

const numbers = (counts: PeopleCounts['lacking']): Record<string, number> =>
  Object.fromEntries([...counts].map(([name, { count }]) => [name, count]))

describe('people are counted against the realm', () => {
  it('who lack an address: all whose rules give none, and those whose address Keycloak refuses', async () => {
    const people = [
      withEmail('ann', 'ann@example.org'),
      withEmail('bob', 'a..b@example.org'),
      person('cid', { threepids: [{ medium: 'email', address: 'cid@example.org', addedAt: 0 }] }),
      person('off', { isDeactivated: true }),
    ]
    const { lacking } = await counting(people, [attribute('email', { required })])
    expect(lacking.get('email')).toEqual({ count: 2, samples: ['@bob:example.org', '@cid:example.org'] })
  })

  it('who lack an address since somebody else who migrates has it, where the mapping leaves it then', async () => {
    const people = [withEmail('ann', 'x@example.org'), withEmail('bob', 'X@example.org')]
    const email = [attribute('email', { required })]
    expect(numbers((await counting(people, email)).lacking)).toEqual({})
    expect(numbers((await counting(people, email, { conflicts: { email: 'leave' } })).lacking)).toEqual({ email: 1 })
  })

  it('who lack what the mapping makes of a display name, or of one that Keycloak refuses as a name', async () => {
    const people = [
      person('ann', { attributes: { displayname: 'Ann', firstName: 'Ann' } }),
      person('bob', { attributes: { displayname: 'Fox', firstName: 'Fox (they/them)' } }),
      person('cid'),
    ]
    const asked = ['displayname', 'firstName'].map((name) => attribute(name, { required }))
    expect(numbers((await counting(people, asked)).lacking)).toEqual({ displayname: 1, firstName: 2 })
  })

  it('who have a phone that is too long, where people may edit phones; where they may not, nobody looks', async () => {
    const people = [
      person('ann', { threepids: [{ medium: 'msisdn', address: '447700900000', addedAt: 0 }] }),
      person('bob'),
    ]
    const validations = { length: { max: 5 } }
    const editable = await counting(people, [attribute('phones', { ...byPeople, validations })])
    expect(editable.refused.get('phones')).toEqual({ count: 1, samples: ['@ann:example.org'] })
    expect(numbers((await counting(people, [attribute('phones', { validations })])).refused)).toEqual({})
  })

  it.each<[string, ProfileAttribute['validations'], readonly string[], readonly string[]]>([
    ['length', { length: { min: '2', max: 4 } }, ['ab', ' abcd '], ['a', 'abcde']],
    ['pattern', { pattern: { pattern: 'a+|b' } }, ['aa', 'b'], ['ab', 'xb']],
    ['a pattern of Java only', { pattern: { pattern: '(?i)a' } }, ['zzz'], []],
    ['options', { options: { options: ['red', 'blue'] } }, ['red'], ['green']],
    ['integer', { integer: { min: 1, max: 9 } }, ['1', '+9'], ['0', '1.5', 'one']],
    ['double', { double: { max: 2 } }, ['1.5'], ['2.1', 'one']],
    ['email', { email: {} }, ['a@b.c'], ['a b@c']],
    ['name', { 'person-name-prohibited-characters': {} }, ['Ann B'], ['Ann (B)']],
    ['one that nobody here knows', { 'local-date': {} }, ['no date'], []],
  ])('whose values the validator %s refuses', async (_, validations, taken, refused) => {
    const people = [...taken, ...refused].map((team, at) => person(`p${at}`, { attributes: { team } }))
    const counts = await counting(people, [attribute('team', { ...byPeople, validations })])
    expect(counts.refused.get('team')?.count ?? 0).toBe(refused.length)
  })

  it('who have more values than are allowed', async () => {
    const phones = ['1', '2', '3'].map((address) => ({ medium: 'msisdn', address, addedAt: 0 }))
    const people = [person('ann', { threepids: phones }), person('bob', { threepids: phones.slice(1) })]
    const counts = await counting(people, [
      attribute('phones', { ...byPeople, validations: { multivalued: { max: '2' } } }),
    ])
    expect(numbers(counts.refused)).toEqual({ phones: 1 })
  })

  it('whose username, as the mapping makes it, is refused once it can be edited', async () => {
    const people = [person('al'), person('a/b', { username: 'a-b' }), person('jürgen'), person('αννα'), person('x=y')]
    const validations = {
      'length': { min: 3, max: 255 },
      'username-prohibited-characters': {},
      'up-username-not-idn-homograph': {},
    }
    const profile = [attribute('username', { ...byPeople, validations, multivalued: false })]
    expect(numbers((await counting(people, profile)).refused)).toEqual({})
    const counts = await counting(people, profile, { settings: { editUsernameAllowed: true } })
    expect(numbers(counts.refused)).toEqual({ username: 3 })
  })

  it('whose username is the address that somebody else is known by', async () => {
    const people = [
      person('bob@example.com'),
      withEmail('ann', 'Bob@example.com'),
      withEmail('cid@example.com', 'cid@example.com'),
    ]
    expect((await counting(people)).addresses).toEqual({ count: 1, samples: ['@bob@example.com:example.org'] })
    const off = await counting(people, [], { settings: { loginWithEmailAllowed: false } })
    expect(off.addresses.count).toBe(0)
  })
})
