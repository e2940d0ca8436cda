import { expect, it } from 'vitest'
import type { AdminApi } from '../../../../../src/targets/keycloak/api/admin-api.ts'
import { knownNames } from '../../../../../src/targets/keycloak/plan/known-names.ts'

const { signal } = new AbortController()

/** A realm of so many users; it counts the pages that are asked for. */
const realmOf = (users: number): { readonly api: AdminApi; pages(): number } => {
  const all = Array.from({ length: users }, (_, n) => ({
    id: `${n}`,
    username: `user${n}`,
    emailVerified: false,
    enabled: true,
    requiredActions: [],
  }))
  let pages = 0
  return {
    pages: () => pages,
    api: {
      realm: 'people',
      send: async ({ query }) => {
        pages++
        const first = Number(query?.['first'])
        return { status: 200, body: all.slice(first, first + Number(query?.['max'])) }
      },
      waited: () => 0,
      close: async () => {},
    },
  }
}

it('reads all names once, however many ask at the same time', async () => {
  const { api, pages } = realmOf(2500)
  const names = knownNames(api)
  const census = { all: 2500, ours: 0 }
  const wanted = [...Array.from({ length: 400 }, (_, n) => `new${n}`), 'user2400']
  const told = await Promise.all([1, 2, 3].map(() => names.suspects(wanted, census, signal)))
  for (const suspects of told) expect([...suspects]).toEqual(['user2400'])
  expect(pages()).toBe(3)
})

it('looks few names up one by one', async () => {
  const { api, pages } = realmOf(2500)
  const suspects = await knownNames(api).suspects(['ann', 'ben'], { all: 2500, ours: 0 }, signal)
  expect([...suspects]).toEqual(['ann', 'ben'])
  expect(pages()).toBe(0)
})
