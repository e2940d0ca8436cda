import { decodeMarks, MARKS } from '../../accounts/marks.ts'
import { connectionByName } from '../../api/connections-api.ts'
import type { ManagementApi } from '../../api/management-api.ts'
import { exportUsers } from '../../census/export-users.ts'
import type { Auth0Config } from '../../config/auth0-config.ts'

/**
 * The user_ids of those whom syn2op has made by SCIM, by Matrix id: they are those of their provider, and follow from nothing that is
 * known of the account alone. One export for each connection that has `link: scim`.
 * @throws Syn2opError server.unreachable, target.not-allowed
 */
export const provisionedSubjects = async (
  api: ManagementApi,
  { providers }: Pick<Auth0Config, 'providers'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const subjects = new Map<string, string>()
  for (const { id: name } of providers.filter(({ link }) => link === 'scim')) {
    const connection = await connectionByName(api, name, signal)
    if (connection === undefined) continue
    for await (const user of exportUsers(api, connection.id, signal)) {
      const marks = decodeMarks(user.appMetadata[MARKS])
      if (marks !== undefined) subjects.set(marks.mxid, user.id)
    }
  }
  return subjects
}
