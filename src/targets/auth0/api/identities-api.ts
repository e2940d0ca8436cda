import { encodedPath } from '../../http/encoded-path.ts'
import { type WriteAnswer, write } from './answers.ts'
import type { ManagementApi } from './management-api.ts'

/** A user who becomes an identity of another. */
export interface LinkedUser {
  /** The strategy, such as `auth0` or `oidc`. */
  readonly provider: string
  /** Without the strategy before it. */
  readonly userId: string
  /** `con_…`. */
  readonly connectionId?: string
}

/** Their own profile and its metadata go: only those of the primary user stay. `missing`: there is no such primary user. */
export const linkIdentity = (
  api: ManagementApi,
  primaryId: string,
  { provider, userId, connectionId }: LinkedUser,
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, {
    method: 'POST',
    path: encodedPath`users/${primaryId}/identities`,
    body: { provider, user_id: userId, ...(connectionId === undefined ? {} : { connection_id: connectionId }) },
    signal,
  })

/** They become a profile of their own again, without metadata. */
export const unlinkIdentity = (
  api: ManagementApi,
  primaryId: string,
  { provider, userId }: Pick<LinkedUser, 'provider' | 'userId'>,
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: encodedPath`users/${primaryId}/identities/${provider}/${userId}`, signal })
