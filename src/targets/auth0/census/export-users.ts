import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { exportedUsers } from '../api/export-file.ts'
import { jobById, startExport } from '../api/jobs-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { PresentUser } from '../api/user.ts'
import { NAME_FIELDS } from '../api/user.ts'
import { followJob } from '../jobs/follow-job.ts'

/** All of a user that a plan looks at: fields that are not named are not exported. */
const FIELDS: readonly string[] = [
  'user_id',
  'username',
  'email',
  'email_verified',
  'phone_number',
  'phone_verified',
  ...NAME_FIELDS,
  'blocked',
  'app_metadata',
  'user_metadata',
  'identities',
  'created_at',
  'updated_at',
  'last_login',
  'last_password_reset',
  'logins_count',
]

/** So often an export is begun anew that fails, or is gone. */
const TRIES = 3

/**
 * Everybody in a connection, one after the other.
 * @throws Syn2opError server.unreachable; target.not-allowed where Auth0 begins no export
 */
export async function* exportUsers(
  api: ManagementApi,
  connectionId: string,
  signal: AbortSignal,
): AsyncGenerator<PresentUser> {
  yield* exportedUsers(api, await completedExport(api, connectionId, signal), signal)
}

const completedExport = async (api: ManagementApi, connectionId: string, signal: AbortSignal): Promise<string> => {
  for (let tries = 1; ; tries++) {
    const begun = await startExport(api, { connectionId, fields: FIELDS }, signal)
    if (begun.kind !== 'accepted') {
      throw new Syn2opError('target.not-allowed', `Auth0 exports no users (${begun.status}): ${begun.words}`, {
        next: ['See whether the connection is a database connection of the tenant.'],
      })
    }
    const { id } = begun.job
    const look = (stop: AbortSignal): ReturnType<typeof jobById> => jobById(api, id, stop)
    // Nobody knows how many there are.
    const end = await followJob({ look, expected: 0, clock: api.clock, signal })
    if (end.kind === 'completed') return id
    if (tries === TRIES) {
      throw new Syn2opError('server.unreachable', `Auth0 does not finish an export of its users: ${end.words}`, {
        next: ["See Auth0's page of its status, then run the command again: it begins another."],
      })
    }
  }
}
