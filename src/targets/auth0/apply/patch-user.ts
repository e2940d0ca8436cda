import { encodedPath } from '../../http/encoded-path.ts'
import { asDatabaseUser } from '../accounts/linked-user.ts'
import { isDatabaseId } from '../accounts/user-id.ts'
import type { UserPatch } from '../accounts/user-patch.ts'
import { make, type Refused } from '../api/answers.ts'
import type { PresentUser } from '../api/user.ts'
import { PRESENT_USER } from '../api/user-shapes.ts'
import type { Auth0Tenant } from '../tenant.ts'
import { tryAgain } from './try-again.ts'

/** What has become of a user, or why it was not changed. */
export type Patched = { readonly kind: 'done'; readonly user: PresentUser } | { readonly kind: 'missing' } | Refused

const MISSING = 404

/**
 * Changes one user, and tells the census. Auth0 answers with all that is there then. Of who is linked, what they are known by in the
 * database takes a request of its own.
 */
export const patchUser = async (
  tenant: Pick<Auth0Tenant, 'api' | 'census' | 'config'>,
  { id, patch }: { readonly id: string; readonly patch: UserPatch },
  signal: AbortSignal,
): Promise<Patched> => {
  const { connection } = tenant.config
  if (!changesIdentifier(patch)) return send(tenant, { id, body: patch }, signal)
  if (isDatabaseId(id)) return send(tenant, { id, body: { ...patch, connection } }, signal)
  const isOwn = (field: string): boolean => OF_IDENTITY.has(field)
  const own = Object.fromEntries(Object.entries(patch).filter(([field]) => isOwn(field)))
  const common = Object.fromEntries(Object.entries(patch).filter(([field]) => !isOwn(field)))
  const first = await send(tenant, { id, body: { ...own, connection } }, signal)
  return first.kind === 'done' ? send(tenant, { id, body: common }, signal) : first
}

const OF_IDENTITY: ReadonlySet<string> = new Set([
  'username',
  'email',
  'email_verified',
  'verify_email',
  'phone_number',
  'phone_verified',
])

const send = async (
  { api, census, config }: Pick<Auth0Tenant, 'api' | 'census' | 'config'>,
  { id, body }: { readonly id: string; readonly body: unknown },
  signal: AbortSignal,
): Promise<Patched> => {
  const request = { method: 'PATCH', path: encodedPath`users/${id}`, body, signal } as const
  const answer = await tryAgain(() => make(api, PRESENT_USER, request), { clock: api.clock, signal })
  if (answer.kind === 'made') {
    const user = asDatabaseUser(answer.made, config.connection)
    census.wrote(user)
    return { kind: 'done', user }
  }
  return answer.status === MISSING ? { kind: 'missing' } : answer
}

const changesIdentifier = ({ email, username, phone_number: phone }: UserPatch): boolean =>
  [email, username, phone].some((value) => value !== undefined)
