import pLimit from 'p-limit'
import { z } from 'zod'
import type { TestRealm } from './realm.ts'

/** Everything that a realm holds of somebody, without what is made anew: plain data to compare. */
export interface RealmPerson {
  readonly username: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly [field: string]: unknown
}

const PAGE = 500
const AT_ONCE = 4

const USER = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string().exactOptional(),
  emailVerified: z.boolean(),
  firstName: z.string().exactOptional(),
  lastName: z.string().exactOptional(),
  enabled: z.boolean(),
  createdTimestamp: z.number(),
  attributes: z.record(z.string(), z.array(z.string())).default({}),
  requiredActions: z.array(z.string()),
})
const LINKS = z.array(z.object({ identityProvider: z.string(), userId: z.string() }))
const CREDENTIALS = z.array(z.object({ type: z.string(), createdDate: z.number(), credentialData: z.string() }))
const NAMES = z.array(z.object({ name: z.string() }))

const users = async (realm: TestRealm): Promise<readonly z.infer<typeof USER>[]> => {
  const all: z.infer<typeof USER>[] = []
  for (;;) {
    const page = await realm.admin.get(`users?briefRepresentation=false&first=${all.length}&max=${PAGE}`, z.array(USER))
    all.push(...page)
    if (page.length < PAGE) return all
  }
}

const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** Everybody, by their names. */
export const peopleOf = async (realm: TestRealm): Promise<readonly RealmPerson[]> => {
  const limit = pLimit(AT_ONCE)
  const whole = async ({ id, attributes, requiredActions, ...user }: z.infer<typeof USER>): Promise<RealmPerson> => ({
    ...user,
    requiredActions: requiredActions.toSorted(),
    attributes: Object.fromEntries(Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    links: (await realm.admin.get(`users/${id}/federated-identity`, LINKS)).toSorted(byText),
    credentials: (await realm.admin.get(`users/${id}/credentials`, CREDENTIALS)).toSorted(byText),
    roles: (await realm.admin.get(`users/${id}/role-mappings/realm`, NAMES)).toSorted(byText),
  })
  const people = await Promise.all((await users(realm)).map((user) => limit(() => whole(user))))
  return people.toSorted((a, b) => (a.username < b.username ? -1 : 1))
}

/** Removes everybody but service accounts. */
export const emptyRealm = async (realm: TestRealm): Promise<void> => {
  const limit = pLimit(AT_ONCE)
  const all = await users(realm)
  await Promise.all(all.map(({ id }) => limit(() => realm.admin.delete(`users/${id}`))))
}
