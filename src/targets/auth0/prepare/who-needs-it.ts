import { z } from 'zod'
import { counted } from '../../../report/counted.ts'
import { MARKS } from '../accounts/marks.ts'
import { connectionByName } from '../api/connections-api.ts'
import { hasEnded, jobById } from '../api/jobs-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { PresentUser } from '../api/user.ts'
import { exportUsers } from '../census/export-users.ts'
import { countAll } from '../check/count-users.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { endsBy, type ImportNotes, minuteOf } from '../jobs/import-notes.ts'

export interface Looking {
  readonly api: ManagementApi
  readonly config: Pick<Auth0Config, 'providers'>
  /** What runs have written down of their imports. */
  readonly imports: Pick<ImportNotes, 'open'>
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
  const count = await countThem(looking, asked)
  if (count === 0) return undefined
  const { name, who } = asked
  return `${counted(count, 'user is', 'users are')} in the connection ${name}${who === 'ours' ? ' whom syn2op wrote' : ', and would be deleted with it'}`
}

/** When the last import has ended for certain that may be at work; milliseconds since 1970. */
const atWorkUntil = async ({ api, imports, signal }: Looking): Promise<number | undefined> => {
  const ends: number[] = []
  for (const { about } of await imports.open()) {
    const job = about.job === undefined ? undefined : await jobById(api, about.job, signal)
    const isOver = about.job !== undefined && (job === undefined || hasEnded(job))
    if (!isOver) ends.push(endsBy(about))
  }
  return ends.length === 0 ? undefined : Math.max(...ends)
}

const OURS = z.object({ [MARKS]: z.object({ mxid: z.string() }) })

/**
 * An export sees whom a job made a moment ago, and a search does not; it has those who are linked to a user of another connection
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
