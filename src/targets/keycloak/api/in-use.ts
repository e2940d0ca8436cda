import type { AdminApi } from './admin-api.ts'
import { adminPath } from './admin-path.ts'
import { HAS_SOME } from './user-shapes.ts'
import { readOfUser } from './users-api.ts'

/**
 * Whether somebody is seen to use the account: they are logged in, or there is a consent or an offline token of theirs. A login that
 * has ended, by itself or not, leaves nothing of that. Of somebody who is not there: no.
 */
export const isInUse = async (api: AdminApi, id: string, signal: AbortSignal): Promise<boolean> => {
  const isLoggedIn = await readOfUser(api, HAS_SOME, { path: adminPath`users/${id}/sessions`, signal })
  if (isLoggedIn === true) return true
  // Offline tokens are told of among the consents, of every client, whether it asks for consents or not.
  return (await readOfUser(api, HAS_SOME, { path: adminPath`users/${id}/consents`, signal })) === true
}
