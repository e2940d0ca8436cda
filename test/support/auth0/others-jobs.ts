import { submitImport } from '../../../src/targets/auth0/api/jobs-api.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import type { TenantToFill } from './migration.ts'

/** Rows of each; at a job speed of 3600 it is at work for a thousand seconds. */
const ROWS = 1000

/** Others import so much into the same connection that Auth0 takes no more jobs for a while. */
export const occupyJobs = async ({ standIn, config, clock }: TenantToFill): Promise<void> => {
  const api = openManagementApi(config, { clock })
  for (const job of ['first', 'second']) {
    const rows = Array.from({ length: ROWS }, (_, n) => ({
      email: `${job}-${n}@elsewhere.example.com`,
      username: `${job}-${n}`,
    }))
    const file = Buffer.from(JSON.stringify(rows))
    const answer = await submitImport(
      api,
      { connectionId: standIn.connection.id, externalId: 'of others', file },
      new AbortController().signal,
    )
    if (answer.kind !== 'accepted') throw new Error(answer.kind)
  }
  await api.close()
}

/** Waits until Auth0 has answered a request like that. */
export const untilAsked = async (
  { standIn }: TenantToFill,
  isIt: (seen: TenantToFill['standIn']['requests'][number]) => boolean,
  from = 0,
): Promise<void> => {
  while (!standIn.requests.slice(from).some(isIt)) await new Promise((resolve) => setTimeout(resolve, 1))
}
