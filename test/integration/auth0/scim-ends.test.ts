import { describe, expect, it, onTestFinished } from 'vitest'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { createScimUser, type ScimEnd } from '../../../src/targets/auth0/api/scim-api.ts'
import { openScimEnds, type ScimEnds } from '../../../src/targets/auth0/links/scim/scim-ends.ts'
import { type WithScim, withScim } from '../../support/auth0/scim-people.ts'

const { signal } = new AbortController()

/** A token is renewed when it has so long behind it, of the quarter of an hour that it lives. */
const RENEWAL_MS = 13 * 60_000 + 1000

interface Ends extends WithScim {
  readonly ends: ScimEnds
  /** Makes somebody with a token. */
  make(end: ScimEnd, name: string): Promise<string>
  tokens(): readonly string[]
}

const withEnds = async (): Promise<Ends> => {
  const tenant = await withScim()
  const api = openManagementApi(tenant.config, { clock: tenant.clock })
  const ends = openScimEnds(api)
  onTestFinished(async () => {
    await ends.close()
    await api.close()
  })
  return {
    ...tenant,
    ends,
    make: async (end, name) =>
      (await createScimUser(api, end, { userName: name, externalId: name, active: true }, signal)).kind,
    tokens: () => [...(tenant.corp.scim?.tokens.keys() ?? [])],
  }
}

describe('a token of SCIM that is renewed', () => {
  it('is left to those who are at work with it, and then taken away', async () => {
    const { ends, make, clock, tokens } = await withEnds()
    const tried: string[] = []
    const made = await ends.with(
      'corp',
      async (first) => {
        tried.push(first.token)
        await clock.sleep(RENEWAL_MS)
        expect(await ends.with('corp', (second) => make(second, 'bert'), signal)).toBe('made')
        expect(tokens()).toHaveLength(2)
        return make(first, 'anna')
      },
      signal,
    )
    expect(made).toBe('made')
    expect(tried).toHaveLength(1)
    expect(tokens()).toHaveLength(1)
    await ends.close()
    expect(tokens()).toEqual([])
  })

  it('leaves the second place of a connection to others, where nobody is at work with the old one', async () => {
    const { ends, make, clock, tokens } = await withEnds()
    const seen = new Set<string>()
    for (const name of ['anna', 'bert', 'cleo', 'dora']) {
      expect(await ends.with('corp', (end) => make(end, name), signal)).toBe('made')
      expect(tokens()).toHaveLength(1)
      for (const id of tokens()) seen.add(id)
      await clock.sleep(RENEWAL_MS)
    }
    expect(seen.size).toBe(4)
  })

  it('gives way where others have the second place, and whoever was at work with it goes on with the new one', async () => {
    const { ends, make, clock, corp, tokens } = await withEnds()
    const first = await ends.of('corp', signal)
    const others = { token: 'theirs', scopes: ['get:users'], createdAt: clock.now() }
    corp.scim?.tokens.set('tok_theirs', others)
    await clock.sleep(RENEWAL_MS)
    const late: ScimEnd[] = []
    const made = await ends.with(
      'corp',
      async (end) => {
        late.push(end)
        return make(late.length === 1 ? first : end, 'anna')
      },
      signal,
    )
    expect(made).toBe('made')
    expect(late).toHaveLength(2)
    expect(tokens()).toContain('tok_theirs')
    expect(tokens()).toHaveLength(2)
  })
})

describe('a token of SCIM that Auth0 does not take any more', () => {
  it('is replaced, and what was to be done with it is done once', async () => {
    const { ends, make, corp, standIn } = await withEnds()
    await ends.of('corp', signal)
    corp.scim?.tokens.clear()
    const names = ['anna', 'bert', 'cleo']
    const made = await Promise.all(names.map((name) => ends.with('corp', (end) => make(end, name), signal)))
    expect(made).toEqual(['made', 'made', 'made'])
    expect([...standIn.tenant.users.all()]).toHaveLength(3)
    expect(corp.scim?.tokens.size).toBe(1)
  })

  it('is told of where the next one is refused too', async () => {
    const { ends, make, corp } = await withEnds()
    const tries: ScimEnd[] = []
    const trying = ends.with(
      'corp',
      (end) => {
        tries.push(end)
        corp.scim?.tokens.clear()
        return make(end, 'anna')
      },
      signal,
    )
    await expect(trying).rejects.toMatchObject({ code: 'target.not-allowed' })
    expect(tries).toHaveLength(2)
  })
})
