import type { Upgraded } from '../../../report/status.ts'
import type { ProgressListener } from '../../progress.ts'
import { eachAtMost } from '../../slow-road/each-at-most.ts'
import type { Stoppable } from '../../target.ts'
import { MARKS } from '../accounts/user-rules.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { attributeQuery, countUsers, credentialsOf, pageOfUsers } from '../api/users-api.ts'
import { PROVIDER_ID } from '../provider/provider-jar.ts'

export interface CountUpgraded extends Stoppable {
  readonly api: AdminApi
  /** Whose people are looked at: those that syn2op wrote of this homeserver. */
  readonly serverName: string
  readonly progress: ProgressListener
}

const PAGE = 1000

/** Requests at once: each asks for the credentials of one user, some 500 a second. */
const AT_ONCE = 4

/** Whose password Keycloak has hashed anew. Asks for the credentials of everybody who was moved, one by one. */
export const countUpgraded = async ({ api, serverName, progress, signal }: CountUpgraded): Promise<Upgraded> => {
  const q = attributeQuery(MARKS.server, serverName)
  const total = await countUsers(api, { q }, signal)
  const counts = { anew: 0, asMoved: 0, without: 0 }
  let done = 0
  const look = async (id: string): Promise<void> => {
    signal.throwIfAborted()
    const { password } = await credentialsOf(api, id, signal)
    counts[kindOf(password?.algorithm)]++
    done++
    progress.advance('passwords', done, total)
  }
  for (let first = 0; ; first += PAGE) {
    const users = await pageOfUsers(api, { q, first, max: PAGE, brief: true }, signal)
    await eachAtMost(AT_ONCE, users, ({ id }) => look(id))
    if (users.length < PAGE) return counts
  }
}

const kindOf = (algorithm: string | undefined): keyof Upgraded => {
  if (algorithm === undefined) return 'without'
  return algorithm === PROVIDER_ID ? 'asMoved' : 'anew'
}
