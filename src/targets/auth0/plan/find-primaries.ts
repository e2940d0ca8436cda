import { z } from 'zod'
import { importIdOf } from '../accounts/user-id.ts'
import { read } from '../api/answers.ts'
import type { ManagementApi } from '../api/management-api.ts'

const FOUND = z.array(z.object({ user_id: z.string() }))

/** Nobody has an identity twice; more are told where the search is behind. */
const MOST = 5

/**
 * The user_ids of those to whom a user of the database may be linked, whatever connection they are of. By a search, which does not see a
 * link of some moments ago, and may tell of one that is gone.
 */
export const findPrimaries = async (
  api: ManagementApi,
  id: string,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const query = {
    q: `identities.user_id:"${importIdOf(id)}"`,
    search_engine: 'v3',
    fields: 'user_id',
    include_fields: true,
    per_page: MOST,
  }
  const found = await read(api, FOUND, { path: 'users', query, signal })
  return found.map(({ user_id: primaryId }) => primaryId).filter((primaryId) => primaryId !== id)
}
