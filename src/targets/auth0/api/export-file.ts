import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { type Downloaded, download } from '../../http/download.ts'
import { isPrivate } from '../config/is-private.ts'
import { jobById } from './jobs-api.ts'
import { jsonLines } from './json-lines.ts'
import type { ManagementApi } from './management-api.ts'
import type { PresentUser } from './user.ts'
import { PRESENT_USER } from './user-shapes.ts'

/** Milliseconds in which nothing of a file comes. */
const IDLE_MS = 60_000

const lost = (why: string, cause?: unknown): Syn2opError =>
  new Syn2opError('server.unreachable', `The file of an export of users at Auth0 cannot be read: ${why}`, {
    ...(cause === undefined ? {} : { cause }),
    next: ['See that the address at which Auth0 keeps such files can be reached from here, then try again.'],
  })

/** The address is good for a minute, and asked for anew where it is not any more. */
const openFile = async (api: ManagementApi, id: string, signal: AbortSignal): Promise<Downloaded> => {
  for (let tries = 1; ; tries++) {
    const url = (await jobById(api, id, signal))?.location
    if (url === undefined) throw lost('its job names no address, or is gone: Auth0 keeps it for 24 hours')
    const address = URL.parse(url)
    if (address === null || !isPrivate(address)) throw lost('its address is no https one')
    const file = await download({ url, idleMs: IDLE_MS, signal }).catch((error: unknown) => {
      throw signal.aborted ? error : lost('the connection failed', error)
    })
    if (file.status === 200) return file
    file.cancel()
    if (tries === 2) throw lost(`its address answers ${file.status}`)
  }
}

const IDENTIFIED = z.object({ user_id: z.string() })

/** A line that is nobody, or one of ours whose fields are not as Auth0 documents them. */
const unreadable = (line: unknown): Syn2opError => {
  const id = IDENTIFIED.safeParse(line).data?.user_id
  if (id === undefined) return lost('a line of it is no user')
  return new Syn2opError(
    'server.unreachable',
    `An export of users at Auth0 tells of ${id}, whom syn2op wrote, in a form that Auth0 does not document`,
    { next: [`Look at the raw JSON of ${id} in the Dashboard, and mend or delete that user; then try again.`] },
  )
}

/**
 * Users as an export job that has completed has written them, one after the other.
 * @throws the signal's reason when it is aborted; Syn2opError `server.unreachable` where the file cannot be read to its end
 */
export async function* exportedUsers(api: ManagementApi, id: string, signal: AbortSignal): AsyncGenerator<PresentUser> {
  const file = await openFile(api, id, signal)
  try {
    for await (const line of jsonLines(file.bytes)) {
      const user = PRESENT_USER.safeParse(line)
      if (!user.success) throw unreadable(line)
      yield user.data
    }
  } catch (error) {
    throw signal.aborted || error instanceof Syn2opError ? error : lost('it was cut off', error)
  } finally {
    file.cancel()
  }
}
