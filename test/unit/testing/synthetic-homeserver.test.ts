import { compare } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import type { SyntheticDescription } from '../../../src/rehearsal/synthetic/people.ts'
import { inPlaceOfDemo, providersOf } from '../../../src/rehearsal/synthetic/providers.ts'
import { rowsOf } from '../../../src/rehearsal/synthetic/rows.ts'
import { syntheticHomeserver } from '../../../src/testing/synthetic-homeserver.ts'

const problemsOf = (description: unknown): readonly string[] => {
  try {
    syntheticHomeserver(description as SyntheticDescription)
    return []
  } catch (error) {
    if (!(error instanceof Syn2opError)) throw error
    expect(error.code).toBe('config.invalid')
    return error.problems.map(({ message }) => message)
  }
}

const NOW = Date.UTC(2026, 10, 1)

describe('the description of a synthetic homeserver', () => {
  it('may say nothing', () => {
    const homeserver = syntheticHomeserver()
    expect(homeserver).toMatchObject({ serverName: 'demo.example', people: [] })
    expect(homeserver.mxid('alice')).toBe('@alice:demo.example')
  })

  it('can be made of another one, with something changed', () => {
    const one = syntheticHomeserver({ serverName: 'a.example', people: [{ localpart: 'alice' }] })
    const other = syntheticHomeserver({ ...one, serverName: 'b.example' })
    expect(other.people).toEqual(one.people)
    expect(other.mxid('alice')).toBe('@alice:b.example')
  })

  it('is told everything that is wrong with it at once, each with its place', () => {
    const problems = problemsOf({
      serverName: 'a b',
      acounts: 3,
      seed: 1.5,
      asOf: '2026-03-01T09:00',
      providers: ['company', { issuer: 'https://x.example' }],
      bridges: [{ id: 'irc', users: [7] }],
      settings: { database: {} },
      people: [
        { localpart: '@alice:demo.example', emials: [] },
        { localpart: 'bob', emails: ['bob'], phones: ['+447700900123'], devices: ['', { id: 'X', tokens: 'many' }] },
        { localpart: 'carol', kind: 'guest', password: 'x' },
        { kind: 'robot' },
        { kind: 'ghost', localpart: 'dave' },
        'erin',
        { localpart: 'frank', identities: ['x', { provider: 'oidc-a' }], admin: 1, createdAt: 'yesterday' },
      ],
    })
    expect(problems).toEqual(
      [
        'serverName must be a host name, with a port if need be',
        'acounts cannot be said here; did you mean accounts?',
        'seed must be a whole number from 0 to 2000000000',
        'asOf must be a Date, or a text such as 2026-03-01 or 2026-03-01T09:00:00Z',
        'settings.database cannot be said here',
        "providers[0] must be 'oidc-…', 'oidc', 'saml' or 'cas'",
        'providers[1].name is missing',
        'bridges[0].users[0] must be a text that is not empty',
        'people[0].localpart must be what stands between @ and the colon of a Matrix id',
        'people[0].emials cannot be said here; did you mean emails?',
        'people[1].emails[0] must be an e-mail address',
        "people[1].phones[0] must be digits with the country's code, and no plus",
        'people[1].devices[0] must be a text of 1 to 255 characters',
        "people[1].devices[1].tokens must be 'access' or 'refreshing' or 'expired' or 'none'",
        'people[2].password cannot be said here',
        "people[3].kind must be 'user' or 'deactivated' or 'guest' or 'ghost'",
        'people[4].bridge is missing',
        'people[5] must be an object',
        'people[6].createdAt must be a Date, or a text such as 2026-03-01 or 2026-03-01T09:00:00Z',
        'people[6].admin must be true or false',
        'people[6].identities[0] must be an object',
        'people[6].identities[1].subject is missing',
      ].toSorted((a, b) => problems.indexOf(a) - problems.indexOf(b)),
    )
  })

  it('is told so in the message, which is all that a test runner shows', () => {
    expect(() => syntheticHomeserver({ people: [{ localpart: '' }, { localpart: 'a b' }] })).toThrow(
      /people\[0\]\.localpart must be .*\n.*people\[1\]\.localpart must be /u,
    )
  })

  it('is an object', () => {
    for (const nothing of [null, 7, 'x', []]) {
      expect(problemsOf(nothing)).toEqual(['A homeserver is described by an object'])
    }
  })

  it('is refused what Synapse’s tables would not hold, and names that lead nowhere', () => {
    expect(
      problemsOf({
        providers: ['oidc-company'],
        bridges: ['irc'],
        people: [
          { localpart: 'a', emails: ['x@example.org'], devices: ['D', { id: 'D' }] },
          { localpart: 'a', emails: ['x@example.org'], phones: ['447700900123'] },
          { localpart: 'b', phones: ['447700900123'], identities: [{ provider: 'oidc-compayn', subject: '1' }] },
          { localpart: 'c', kind: 'deactivated', identities: [{ provider: 'oidc-company', subject: '1' }] },
          { localpart: 'd', identities: [{ provider: 'oidc-company', subject: '1' }] },
          { localpart: 'e', kind: 'ghost', bridge: 'slack' },
        ],
      }),
    ).toEqual([
      'people[0]: the device of a D is at people[0] too',
      'people[1]: the localpart a is at people[0] too',
      'people[1]: the e-mail address x@example.org is at people[0] too',
      'people[2]: the phone 447700900123 is at people[1] too',
      'people[2].identities: oidc-compayn is not among the providers; did you mean oidc-company?',
      'people[4]: the identity oidc-company 1 is at people[3] too',
      'people[5].bridge slack is not among the bridges',
    ])
  })
})

describe('the rows of described people', () => {
  it('have what was said and nothing else', async () => {
    const homeserver = syntheticHomeserver({
      people: [
        { localpart: 'alice' },
        { localpart: 'g', kind: 'guest' },
        { localpart: 'x', kind: 'ghost', bridge: 'irc' },
      ],
    })
    const { users, ...others } = await rowsOf(homeserver, NOW)
    expect(users).toMatchObject([
      { name: '@alice:demo.example', password_hash: null, is_guest: 0, appservice_id: null, deactivated: 0 },
      { name: '@g:demo.example', password_hash: null, is_guest: 1, appservice_id: null },
      { name: '@x:demo.example', password_hash: '', is_guest: 0, appservice_id: 'irc' },
    ])
    expect(
      Object.entries(others)
        .filter(([, rows]) => rows.length > 0)
        .map(([table]) => table),
    ).toEqual(['profiles'])
  })

  it('are the same each time, older accounts first, unless it is said when they came', async () => {
    const homeserver = syntheticHomeserver({
      people: [{ localpart: 'a', devices: ['D'] }, { localpart: 'b' }, { localpart: 'c', createdAt: '2015-01-01' }],
    })
    const rows = await rowsOf(homeserver, NOW)
    expect(await rowsOf(homeserver, NOW)).toEqual(rows)
    const [a, b, c] = rows.users?.map(({ creation_ts }) => Number(creation_ts)) ?? []
    expect(a).toBeLessThan(b ?? 0)
    expect(c).toBe(Date.UTC(2015, 0, 1) / 1000)
  })

  it('hash passwords as Synapse does, with the pepper, each different one once', async () => {
    const people = ['one', 'two', 'one'].map((password, index) => ({ localpart: `p${index}`, password }))
    const { users } = await rowsOf(syntheticHomeserver({ pepper: 'salt', people }), NOW)
    const [first, second, third] = users?.map((row) => String(row['password_hash'])) ?? []
    expect(await compare('onesalt', first ?? '')).toBe(true)
    expect(await compare('one', first ?? '')).toBe(false)
    expect(third).toBe(first)
    expect(second).not.toBe(first)
  })

  it('log devices in as was said', async () => {
    const tokens = ['access', 'refreshing', 'expired', 'none'] as const
    const devices = tokens.map((each) => ({ id: each, tokens: each }))
    const rows = await rowsOf(syntheticHomeserver({ people: [{ localpart: 'a', devices }] }), NOW)
    expect(rows.devices).toHaveLength(4)
    expect(rows.refresh_tokens?.map(({ device_id }) => device_id)).toEqual(['refreshing'])
    expect(
      rows.access_tokens?.map(({ device_id, refresh_token_id, valid_until_ms }) => [
        device_id,
        refresh_token_id === undefined ? 'alone' : 'with a refresh token',
        valid_until_ms === undefined ? 'works' : Number(valid_until_ms) < NOW ? 'expired' : 'will expire',
      ]),
    ).toEqual([
      ['access', 'alone', 'works'],
      ['refreshing', 'with a refresh token', 'works'],
      ['expired', 'alone', 'expired'],
    ])
  })
})

describe('the providers of a synthetic homeserver', () => {
  it('are those that people name, where none are given', () => {
    const people = [{ localpart: 'a', identities: [{ provider: 'oidc-x' as const, subject: '1' }] }]
    expect(providersOf({ people })).toEqual([{ name: 'oidc-x' }])
    expect(providersOf({ people: [] })).toEqual([])
  })

  it('take the identities of other people, but for one that was removed', () => {
    const places = inPlaceOfDemo([{ name: 'oidc-a' }, { name: 'oidc-b', removed: true }])
    expect(new Set(places.values())).toEqual(new Set(['oidc-a']))
    expect(places.size).toBe(3)
    expect(new Set(inPlaceOfDemo([]).values())).toEqual(new Set([undefined]))
  })
})
