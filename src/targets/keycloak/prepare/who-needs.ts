import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { MARKS } from '../accounts/user-rules.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { countUsers, pageOfUsers } from '../api/users-api.ts'
import type { Keeper } from './keeper.ts'
import { foreignContents } from './realm-contents.ts'

const PAGE = 1000

/** Of what is foreign in a realm so much is named. */
const NAMED = 5

/**
 * Who would lose something, in words: none where nobody would.
 * @param going paths of what is taken back before
 * @throws Syn2opError target.not-allowed, run.not-possible where Keycloak does not tell
 */
export const whoNeeds = async (
  api: AdminApi,
  keepers: readonly Keeper[],
  going: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const reasons: string[] = []
  for (const keeper of keepers) reasons.push(...(await reasonOf(api, keeper, going, signal)))
  return reasons
}

const counted = (number: number, words: string): readonly string[] => (number === 0 ? [] : [`${number} ${words}`])

const reasonOf = async (
  api: AdminApi,
  keeper: Keeper,
  going: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const { kind, words } = keeper
  if (kind === 'people') {
    const { idpAlias } = keeper
    return counted(await countUsers(api, idpAlias === undefined ? {} : { idpAlias }, signal), words)
  }
  if (kind === 'sessions') return counted(await sessionsOf(api, keeper.client, signal), words)
  if (kind === 'accounts') return (await hasAccounts(api, signal)) ? [words] : []
  const foreign = await foreignContents(api, going, signal)
  const more = foreign.length > NAMED ? ` and ${foreign.length - NAMED} more` : ''
  return foreign.length === 0 ? [] : [`${words}: ${foreign.slice(0, NAMED).join(', ')}${more}`]
}

/** By whichever homeserver: Keycloak finds only those of one that is named, so that everybody is looked at. */
const hasAccounts = async (api: AdminApi, signal: AbortSignal): Promise<boolean> => {
  for (let first = 0; ; first += PAGE) {
    const page = await pageOfUsers(api, { first, max: PAGE, brief: false }, signal)
    if (page.some(({ attributes }) => attributes[MARKS.server] !== undefined)) return true
    if (page.length < PAGE) return false
  }
}

const COUNT = z.object({ count: z.number() })

const sessionsOf = async (api: AdminApi, client: string, signal: AbortSignal): Promise<number> => {
  let sessions = 0
  for (const kind of ['session-count', 'offline-session-count']) {
    const { status, body } = await api.send({ method: 'GET', path: `clients/${client}/${kind}`, signal })
    const { data } = COUNT.safeParse(body)
    if (data === undefined && status !== 404) {
      throw new Syn2opError('run.not-possible', 'Keycloak does not say how many sessions a client has', {
        next: ["See Keycloak's own log of this moment, and that `url` leads to Keycloak itself."],
      })
    }
    sessions += data?.count ?? 0
  }
  return sessions
}
