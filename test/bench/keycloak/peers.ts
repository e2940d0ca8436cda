import pLimit from 'p-limit'
import type { TestRealm } from '../../support/keycloak/realm.ts'
import type { PeerUser } from './people.ts'

/** How others bring people to Keycloak. Each returns the seconds from the first request to the last answer. */
export type Peer = (realm: TestRealm, people: readonly PeerUser[]) => Promise<number>

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

const AT_ONCE = 8

/** One request for each, several at once. */
export const postEach: Peer = (realm, people) => {
  const limit = pLimit(AT_ONCE)
  return timed(() => Promise.all(people.map((person) => limit(() => realm.admin.post('users', person)))))
}

const IN_A_REQUEST = 500

/** 500 in a request, one after the other; nobody gets the default role. */
export const importMany: Peer = (realm, people) =>
  timed(async () => {
    for (let start = 0; start < people.length; start += IN_A_REQUEST) {
      const users = people.slice(start, start + IN_A_REQUEST)
      await realm.admin.post('partialImport', { ifResourceExists: 'FAIL', users })
    }
  })
