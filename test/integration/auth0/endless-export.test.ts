import { expect, it } from 'vitest'
import { exportUsers } from '../../../src/targets/auth0/census/export-users.ts'
import { answering, tampered } from '../../support/auth0/tampered-api.ts'
import { tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

it('says what to do where Auth0 begins an export anew and anew, and ends none', async () => {
  const { api, standIn } = await tenantAndApi()
  const losing = tampered(api, ({ method, path }) =>
    method === 'GET' && path.startsWith('jobs/') ? answering(404, { message: 'No such job' }) : undefined,
  )
  const users = exportUsers(losing, standIn.connection.id, new AbortController().signal)
  await expect(users.next()).rejects.toMatchObject({
    code: 'server.unreachable',
    next: [expect.stringContaining('run the command again')],
  })
  expect(standIn.requests.filter(({ path }) => path.endsWith('/users-exports'))).toHaveLength(3)
})
