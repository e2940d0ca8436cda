import type { AdminApi } from './admin-api.ts'
import { unexpectedAnswer } from './unexpected-answer.ts'
import type { PresentUser } from './user.ts'
import { USERS } from './user-shapes.ts'

/** Keycloak takes some 500; proxies often only half of what 300 make. */
const IDS_A_REQUEST = 300

/** What servers and proxies say of a request whose line is too long for them. */
const TOO_LONG: readonly number[] = [400, 414, 431]

/** How many ids a request may have, as far as a server has refused more. */
const taken = new WeakMap<AdminApi, number>()

/** Those of the ids that are there, without their links. */
export const usersByIds = async (
  api: AdminApi,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PresentUser>> => {
  const found = new Map<string, PresentUser>()
  for (let next = 0; next < ids.length; ) {
    const some = ids.slice(next, next + (taken.get(api) ?? IDS_A_REQUEST))
    const users = await askForSome(api, some, signal)
    if (users === undefined) continue
    for (const user of users) found.set(user.id, user)
    next += some.length
  }
  return found
}

/** Undefined where the request was too long: it had better be asked again with fewer. */
const askForSome = async (
  api: AdminApi,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly PresentUser[] | undefined> => {
  const query = { search: `id:${ids.join(' ')}`, max: ids.length, briefRepresentation: false }
  const answer = await api.send({ method: 'GET', path: 'users', query, signal })
  if (TOO_LONG.includes(answer.status) && ids.length > 1) {
    taken.set(api, Math.ceil(ids.length / 2))
    return undefined
  }
  const users = answer.status === 200 ? USERS.safeParse(answer.body) : undefined
  if (users?.success !== true) throw unexpectedAnswer('GET', 'users', answer)
  return users.data
}
