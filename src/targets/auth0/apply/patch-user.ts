import { encodedPath } from '../../http/encoded-path.ts'
import type { UserPatch } from '../accounts/user-patch.ts'
import { make, type Refused } from '../api/answers.ts'
import type { PresentUser } from '../api/user.ts'
import { PRESENT_USER } from '../api/user-shapes.ts'
import type { Auth0Tenant } from '../tenant.ts'
import { tryAgain } from './try-again.ts'

/** What has become of a user, or why it was not changed. */
export type Patched = { readonly kind: 'done'; readonly user: PresentUser } | { readonly kind: 'missing' } | Refused

const MISSING = 404

/** Changes one user, and tells the census. Auth0 answers with all that is there then. */
export const patchUser = async (
  { api, census, config }: Pick<Auth0Tenant, 'api' | 'census' | 'config'>,
  { id, patch }: { readonly id: string; readonly patch: UserPatch },
  signal: AbortSignal,
): Promise<Patched> => {
  const body = changesIdentifier(patch) ? { ...patch, connection: config.connection } : patch
  const request = { method: 'PATCH', path: encodedPath`users/${id}`, body, signal } as const
  const answer = await tryAgain(() => make(api, PRESENT_USER, request), { clock: api.clock, signal })
  if (answer.kind === 'made') {
    census.wrote(answer.made)
    return { kind: 'done', user: answer.made }
  }
  return answer.status === MISSING ? { kind: 'missing' } : answer
}

const changesIdentifier = ({ email, username, phone_number: phone }: UserPatch): boolean =>
  [email, username, phone].some((value) => value !== undefined)
