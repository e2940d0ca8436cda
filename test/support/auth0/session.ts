import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { importParts } from '../../../src/rehearsal/standins/auth0/rules/examples.ts'
import type { ApiRequest, Given } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { ask, type Remembered, type Reply } from './ask-tenant.ts'
import { type GivenTenant, givenTenant } from './given-tenant.ts'

/** A stand-in that remembers the job of the last answer, as trials do. */
export interface Session extends GivenTenant {
  ask(request: ApiRequest): Promise<Reply>
}

/** Opens a stand-in, and closes it after its use. */
export const withTenant = async (
  given: Given,
  faults: readonly Fault[],
  use: (session: Session) => Promise<void>,
): Promise<void> => {
  const tenant = await givenTenant(given, faults)
  const remembered: Remembered = {}
  try {
    await use({ ...tenant, ask: (request) => ask(tenant, request, remembered) })
  } finally {
    await tenant.standIn.close()
  }
}

export const person = (index: number) => ({
  user_id: `person-${index}`,
  email: `person-${index}@example.org`,
  email_verified: true,
  username: `person-${index}`,
})

/** A request for an import of these rows, without mails. */
export const importing = (rows: readonly unknown[], more: Readonly<Record<string, string>> = {}): ApiRequest => ({
  method: 'POST',
  path: '/api/v2/jobs/users-imports',
  multipart: { ...importParts(undefined), users: JSON.stringify(rows), ...more },
})

export const READ_JOB: ApiRequest = { method: 'GET', path: '/api/v2/jobs/{job}' }
export const READ_ERRORS: ApiRequest = { method: 'GET', path: '/api/v2/jobs/{job}/errors' }
