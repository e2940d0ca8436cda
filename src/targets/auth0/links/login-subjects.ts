import { linkedAwayTo } from '../accounts/plan-linked-away.ts'
import { userIdOf } from '../accounts/user-id.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { PresentUser } from '../api/user.ts'
import { everybody } from '../census/everybody.ts'
import { type KeptCensus, keepCensus } from '../census/keep-census.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { seeUser } from '../plan/see-users.ts'
import { requireConnection } from '../require-connection.ts'

/** The `sub` of people's logins, by Matrix id, of those whose `sub` is not the user_id that they were imported under. */
export interface LoginSubjects {
  /** Whom syn2op has made for them by SCIM. */
  readonly own: ReadonlyMap<string, string>
  /** Whom others have made, and have linked them to. */
  readonly others: ReadonlyMap<string, string>
}

interface Asked {
  readonly api: ManagementApi
  readonly config: Auth0Config
}

/**
 * As whom people come who are there. By one export of each connection; who is in none is searched for.
 * @throws Syn2opError server.unreachable, target.not-allowed, config.invalid
 */
export const loginSubjects = async (
  { api, config }: Asked,
  mxids: readonly string[],
  signal: AbortSignal,
): Promise<LoginSubjects> => {
  const own = new Map<string, string>()
  const others = new Map<string, string>()
  if (mxids.length === 0) return { own, others }
  const { id: connectionId } = await requireConnection(api, config, signal)
  const census = keepCensus({
    users: (stop) => everybody({ api, config, connectionId }, stop),
    now: () => api.clock.now(),
  })
  try {
    for (const mxid of mxids) {
      const present = await seenNow({ api, config, census }, userIdOf(config.connection, mxid), signal)
      if (present?.primaryId === undefined) continue
      const isAway = linkedAwayTo({ present }) !== undefined
      ;(isAway ? others : own).set(mxid, present.primaryId)
    }
  } finally {
    await census.close()
  }
  return { own, others }
}

/** As the export has them, but for whom others have: of those it tells no more than that. */
const seenNow = async (
  reading: Asked & { readonly census: KeptCensus },
  id: string,
  signal: AbortSignal,
): Promise<PresentUser | undefined> => {
  const present = (await reading.census.known(signal)).byId(id)
  if (present !== undefined && linkedAwayTo({ present }) === undefined) return present
  return (await seeUser(reading, { id }, signal)).present
}
