import type { ChangeRequests, Removal } from '../accounts/user-requests.ts'
import type { Refused } from '../api/answers.ts'
import { unlinkIdentity } from '../api/identities-api.ts'
import { deleteUser } from '../api/users-api.ts'
import { provision as provisionBy, removePrimary } from '../links/scim/provision.ts'
import type { Auth0Tenant } from '../tenant.ts'
import { patchUser } from './patch-user.ts'
import { tryAgain } from './try-again.ts'

type Writing = Pick<Auth0Tenant, 'api' | 'census' | 'config' | 'scim'>

/** `missing`: the user is gone. */
export type Written = { readonly kind: 'done' } | { readonly kind: 'missing' } | Refused

/** Changes one user who is there. What is done of it, its marks say. */
export const changeUser = async (
  tenant: Writing,
  { id, patches, unlink, provision, closing }: ChangeRequests,
  signal: AbortSignal,
): Promise<Written> => {
  const { api } = tenant
  for (const patch of patches) {
    const answer = await patchUser(tenant, { id, patch }, signal)
    if (answer.kind !== 'done') return answer
  }
  for (const identity of unlink) {
    const answer = await tryAgain(() => unlinkIdentity(api, id, identity, signal), { clock: api.clock, signal })
    // What is to go and is gone already, is gone.
    if (answer.kind !== 'done' && answer.kind !== 'missing') return answer
  }
  if (closing === undefined) return { kind: 'done' }
  const [link] = provision
  return link === undefined
    ? patchUser(tenant, { id, patch: closing }, signal)
    : provisionBy(tenant, { id, link, closing }, signal)
}

/** Auth0 says of nobody whether they were there. */
export const removeUser = async (
  tenant: Pick<Writing, 'api' | 'census' | 'config'>,
  { id, primary }: Removal,
  signal: AbortSignal,
): Promise<Written> => {
  const { api, census } = tenant
  if (primary !== undefined) {
    const answer = await removePrimary(tenant, { id, primary }, signal)
    if (answer.kind !== 'done' && answer.kind !== 'missing') return answer
  }
  const answer = await tryAgain(() => deleteUser(api, id, signal), { clock: api.clock, signal })
  if (answer.kind === 'done' || answer.kind === 'missing') census.removed(id)
  return answer.kind === 'missing' ? { kind: 'done' } : answer
}
