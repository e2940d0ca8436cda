import type { ChangeRequests } from '../accounts/user-requests.ts'
import type { Link, UserUpdate } from '../api/user.ts'
import { addLink, putUser, removeCredential, removeLink, type WriteAnswer } from '../api/users-api.ts'
import type { KeycloakRealm } from '../realm.ts'
import { tryAgain } from './try-again.ts'

type Writing = Pick<KeycloakRealm, 'api' | 'writing'>

/**
 * Changes one user. The PUT comes last since it notes that all else is done; where Keycloak does not take it, the links that were
 * added before go again.
 */
export const changeUser = async (
  realm: Writing,
  { id, removeLinks, addLinks, removePassword, put }: ChangeRequests,
  signal: AbortSignal,
): Promise<WriteAnswer> => {
  const send = (request: () => Promise<WriteAnswer>): Promise<WriteAnswer> =>
    tryAgain(() => realm.writing(request), signal)
  for (const alias of removeLinks) {
    const answer = await send(() => removeLink(realm.api, id, alias, signal))
    if (answer.kind !== 'done') return answer
  }
  if (removePassword !== undefined) {
    const answer = await send(() => removeCredential(realm.api, id, removePassword, signal))
    if (answer.kind !== 'done') return answer
  }
  const added: Link[] = []
  const takeBack = async (answer: WriteAnswer): Promise<WriteAnswer> => {
    for (const { alias } of added) await send(() => removeLink(realm.api, id, alias, signal))
    return answer
  }
  for (const link of addLinks) {
    const answer = await send(() => addLink(realm.api, id, link, signal))
    if (answer.kind !== 'done') return takeBack(answer)
    added.push(link)
  }
  const answer = await send(() => putUser(realm.api, put, signal))
  return answer.kind === 'done' ? answer : takeBack(answer)
}

/** Gives up an address that another account is to get, and nothing else. */
export const freeEmail = ({ api, writing }: Writing, user: UserUpdate, signal: AbortSignal): Promise<WriteAnswer> => {
  const { email: _, ...rest } = user
  return writing(() => putUser(api, { ...rest, emailVerified: false }, signal))
}
