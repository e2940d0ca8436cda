import { z } from 'zod'
import { counted } from '../../../report/counted.ts'
import { MARKS } from '../accounts/marks.ts'
import { userIdOfImport } from '../accounts/user-id.ts'
import { connectionByName } from '../api/connections-api.ts'
import { hasEnded, jobById } from '../api/jobs-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { PresentUser } from '../api/user.ts'
import { userById } from '../api/users-api.ts'
import { exportUsers } from '../census/export-users.ts'
import { countAll } from '../check/count-users.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { endsBy, type ImportNotes, minuteOf } from '../jobs/import-notes.ts'

export interface Looking {
  readonly api: ManagementApi
  readonly config: Pick<Auth0Config, 'providers'>
  /** What runs have written down of their imports. */
  readonly imports: Pick<ImportNotes, 'open' | 'ended'>
  readonly signal: AbortSignal
}

/** `ours`: those whom syn2op wrote, for whatever homeserver. */
type Who = 'everybody' | 'ours'

interface Asked {
  /** The connection. */
  readonly id: string
  readonly name: string
  readonly who: Who
}

/**
 * Who would lose something if a connection were not as it is any more, in words; undefined: nobody.
 * @throws Syn2opError server.unreachable, target.not-allowed
 */
export const whoNeedsIt = async (looking: Looking, asked: Asked): Promise<string | undefined> => {
  // Before they are counted: a job that has ended by now has made whom it makes.
  const until = await atWorkUntil(looking)
  if (until !== undefined) {
    return `an import of syn2op may be at work until ${minuteOf(until)}, and people whom it makes are still to come`
  }
  const { name, who } = asked
  const count = await countThem(looking, asked)
  if (count > 0) {
    return `${counted(count, 'user is', 'users are')} in the connection ${name}${who === 'ours' ? ' whom syn2op wrote' : ', and would be deleted with it'}`
  }
  // Nobody was counted: that may be because Auth0 does not count them yet.
  const present = await oneOfThem(looking, name)
  if (present !== undefined) {
    return `syn2op has imported people into the connection ${name}, and ${present} is there, though no export shows it yet`
  }
  const last = Math.max(...(await looking.imports.ended()).map(({ at }) => at))
  if (looking.api.clock.now() - last > SHOWN_AFTER_MS) return undefined
  return `an import of syn2op has ended a short while ago, and Auth0 may not show yet whom it made: look again after ${minuteOf(last + SHOWN_AFTER_MS)}`
}

/** Auth0 says nowhere when an export shows whom an import has made; reports of searches speak of minutes. */
const SHOWN_AFTER_MS = 15 * 60_000

/** The user_id of one of those whom runs have imported, who is there: a read by id is consistent, whatever else is behind. */
const oneOfThem = async ({ api, imports, signal }: Looking, connection: string): Promise<string | undefined> => {
  for (const id of (await imports.ended()).flatMap(({ users }) => users).map(userIdOfImport)) {
    const user = await userById(api, id, signal)
    if (user?.identities.some((identity) => identity.connection === connection) === true) return id
  }
  return undefined
}

/** When the last import has ended for certain that may be at work; milliseconds since 1970. */
const atWorkUntil = async ({ api, imports, signal }: Looking): Promise<number | undefined> => {
  const ends: number[] = []
  for (const noted of await imports.open()) {
    const { about } = noted
    const job = about.job === undefined ? undefined : await jobById(api, about.job, signal)
    const isOver = about.job !== undefined && (job === undefined || hasEnded(job))
    if (isOver) await noted.ended()
    else ends.push(endsBy(about))
  }
  return ends.length === 0 ? undefined : Math.max(...ends)
}

const OURS = z.object({ [MARKS]: z.object({ mxid: z.string() }) })

/**
 * An export is taken to see whom a job made a moment ago, which a search does not; Auth0 says neither. An export has those who are linked to a user of another connection
 * with that one only.
 */
const countThem = async ({ api, config, signal }: Looking, { id, name, who }: Asked): Promise<number> => {
  const isMeant = ({ appMetadata }: PresentUser): boolean => who === 'everybody' || OURS.safeParse(appMetadata).success
  let exported = 0
  for await (const user of exportUsers(api, id, signal)) if (isMeant(user)) exported++
  for (const provider of config.providers.filter(({ link, id: other }) => link === 'scim' && other !== name)) {
    const connection = await connectionByName(api, provider.id, signal)
    if (connection === undefined) continue
    for await (const user of exportUsers(api, connection.id, signal)) {
      if (isMeant(user) && user.identities.some((identity) => identity.connection === name)) exported++
    }
  }
  return Math.max(exported, await countAll({ api, signal }, name, who))
}
